(module
  (func (param $a i64) (param $b i64) (result i64)
    local.get $a
    local.get $b
    i64.shl
    i64.const 65
    i64.shr_s))
