;; A divisor other than 0 and -1 needs no check.
(module
  (func (param $a i32) (param $b i32) (result i32)
    local.get $a
    local.get $b
    i32.div_s
    i32.const 10
    i32.rem_u))
