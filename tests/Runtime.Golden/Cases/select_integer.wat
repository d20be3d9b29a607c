;; Integers are chosen with a mask where the condition is hard to predict, and with a branch where it is a minimum or an equality.
(module
  (func (param $a i32) (param $b i32) (param $c i32) (result i32)
    local.get $a
    local.get $b
    local.get $c
    i32.const 100
    i32.lt_s
    select)
  (func (param $a i64) (param $b i64) (result i64)
    local.get $a
    local.get $b
    local.get $a
    local.get $b
    i64.lt_s
    select))
