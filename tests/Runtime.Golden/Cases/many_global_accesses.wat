(module
  (global $sp (mut i32) (i32.const 1024))
  (global $pc (mut i64) (i64.const 0))
  (func (result i64)
    (global.set $sp (i32.sub (global.get $sp) (i32.const 8)))
    (global.set $pc (i64.add (global.get $pc) (i64.const 1)))
    (global.get $pc)))
