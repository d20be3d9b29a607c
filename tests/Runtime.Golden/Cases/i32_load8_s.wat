(module
  (memory 1)
  (func (param $address i32) (result i32)
    local.get $address
    i32.load8_s offset=4))
