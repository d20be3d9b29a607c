(module
  (memory 1)
  (memory $second 1)
  (func (param $address i32) (param $value i64)
    local.get $address
    local.get $value
    i64.store32 $second offset=8))
