(module
  (memory i64 1)
  (func (param $address i64) (result i64)
    local.get $address
    i64.load offset=16))
