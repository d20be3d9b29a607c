;; A loop has an epoch check at its head; the function calls nothing, so it has no check at its entry.
(module
  (func (param $n i32) (result i32)
    (local $sum i32)
    loop $again
      local.get $sum
      local.get $n
      i32.add
      local.set $sum
      local.get $n
      i32.const 1
      i32.sub
      local.tee $n
      br_if $again
    end
    local.get $sum))
