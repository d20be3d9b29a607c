;; What can't be reached is not emitted.
(module
  (func (result i32)
    i32.const 1
    return
    i32.const 2
    if
      unreachable
    end
    i32.const 3))
