;; exceptions.wat with the instructions that came before WebAssembly 3.0's, which every V8 runs.
;; The binary beside it was made with Debian's wabt: wat2wasm --enable-exceptions exceptions-legacy.wat
(module
  (tag $thrown (param i32))

  ;; Calls itself until nothing is left to descend, and throws.
  (func $descend (param $left i32) (param $payload i32) (result i32)
    (if (i32.eqz (local.get $left)) (then (throw $thrown (local.get $payload))))
    (i32.add (call $descend (i32.sub (local.get $left) (i32.const 1)) (local.get $payload)) (i32.const 1)))

  (func (export "depth_0") (param $times i32) (result i32) (local $sum i32)
    (loop $again
      (local.set $sum (i32.add (local.get $sum)
        (try (result i32) (do (call $descend (i32.const 0) (local.get $times))) (catch $thrown))))
      (br_if $again (local.tee $times (i32.sub (local.get $times) (i32.const 1)))))
    (local.get $sum))

  (func (export "depth_1") (param $times i32) (result i32) (local $sum i32)
    (loop $again
      (local.set $sum (i32.add (local.get $sum)
        (try (result i32) (do (call $descend (i32.const 1) (local.get $times))) (catch $thrown))))
      (br_if $again (local.tee $times (i32.sub (local.get $times) (i32.const 1)))))
    (local.get $sum))

  (func (export "depth_10") (param $times i32) (result i32) (local $sum i32)
    (loop $again
      (local.set $sum (i32.add (local.get $sum)
        (try (result i32) (do (call $descend (i32.const 10) (local.get $times))) (catch $thrown))))
      (br_if $again (local.tee $times (i32.sub (local.get $times) (i32.const 1)))))
    (local.get $sum))

  (func (export "depth_100") (param $times i32) (result i32) (local $sum i32)
    (loop $again
      (local.set $sum (i32.add (local.get $sum)
        (try (result i32) (do (call $descend (i32.const 100) (local.get $times))) (catch $thrown))))
      (br_if $again (local.tee $times (i32.sub (local.get $times) (i32.const 1)))))
    (local.get $sum)))
