(module
  (func $f (param i32) (result i32) (local.get 0))
  (func (export "sum") (param i32) (result i32)
    (i32.add (i32.add (call $f (i32.const 1)) (call $f (local.get 0))) (call $f (i32.const 3)))))
