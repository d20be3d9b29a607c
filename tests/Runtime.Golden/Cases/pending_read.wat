;; A local that is read and then written before the value is used.
(module
  (func (param $x i32) (result i32)
    local.get $x
    i32.const 9
    local.set $x
    local.get $x
    i32.sub))
