;; What compilers of languages with goroutines make of a function: a jump table in front of the places after its calls, and a branch after each call for leaving.
;; The loop's deadline check has no handler, and no statement separates a call from the branch on its result.
(module
  (global $sp (mut i32) (i32.const 0))
  (func $callee (param i32) (result i32) (local.get 0))
  (func $plain)
  (func (param $place i32) (result i32) (local $stack i32)
    (block $leave
      (loop $again
        (block $two (block $one (block $zero
          (local.get $place)
          (br_table $zero $one $two))
          (call $callee (i32.const 0))
          (global.get $sp) (local.set $stack)
          (br_if $leave))
          (call $plain)
          (call $callee (i32.const 1))
          (br_if $leave))
        (local.set $place (call $callee (i32.const 2)))
        (br_if $again (call $callee (local.get $place)))))
    (local.get $stack)))
