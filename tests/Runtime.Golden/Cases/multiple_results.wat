;; Results beyond the first go through the Store.
(module
  (func $pair (param i32 i64) (result i32 i64)
    local.get 0
    local.get 1)
  (func (result i64)
    (local $sum i64)
    i32.const 1
    i64.const 2
    call $pair
    i64.const 3
    i64.add
    local.set $sum
    drop
    local.get $sum))
