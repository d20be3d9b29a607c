;; The value waits in a temporary while the address below it is checked.
(module
  (memory 1)
  (func (param $address i32) (param $value i32)
    local.get $address
    local.get $value
    i32.const 3
    i32.mul
    i32.store))
