;; A function that calls checks the stack and the epoch when it is entered.
(module
  (func $callee (param i32) (result i32)
    local.get 0)
  (func (result i32)
    i32.const 7
    call $callee
    i32.const 1
    i32.add))
