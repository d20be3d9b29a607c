;; guard-pages
;; As Go does it: a stack pointer of 32 bits, extended, added to in 64 bits and wrapped. What is stored whole and what lies inside every memory of the type needs no touch.
(module
  (memory 1)
  (func (param $sp i32) (result i64)
    (i64.store
      (i32.wrap_i64 (i64.add (i64.extend_i32_u (local.get $sp)) (i64.const 8)))
      (i64.load (i32.wrap_i64 (i64.add (i64.extend_i32_u (local.get $sp)) (i64.const 24)))))
    (if (i32.eqz (i64.eqz (i64.load (i32.wrap_i64 (i64.const 65528)))))
      (then (return (i64.const 1))))
    (i64.load offset=4 (i32.wrap_i64 (i64.add (i64.extend_i32_u (local.get $sp)) (i64.const 16))))))
