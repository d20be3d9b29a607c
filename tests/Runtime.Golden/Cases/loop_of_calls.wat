;; Every iteration of the first loop calls a function that checks at entry, so the loop has no check; the second loop's branch jumps over the call.
(module
  (func $leaf)
  (func $checks call $leaf call $leaf)
  (func (param $n i32)
    loop $again
      call $checks
      local.get $n
      i32.const 1
      i32.sub
      local.tee $n
      br_if $again
    end)
  (func (param $n i32)
    loop $again
      block $over
        local.get $n
        br_if $over
        call $checks
      end
      local.get $n
      i32.const 1
      i32.sub
      local.tee $n
      br_if $again
    end))
