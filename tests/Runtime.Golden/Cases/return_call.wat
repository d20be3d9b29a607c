(module
  (func $even (param $n i32) (result i32)
    local.get $n
    i32.eqz
    if
      i32.const 1
      return
    end
    local.get $n
    i32.const 1
    i32.sub
    return_call $odd)
  (func $odd (param $n i32) (result i32)
    local.get $n
    i32.eqz
    if
      i32.const 0
      return
    end
    local.get $n
    i32.const 1
    i32.sub
    return_call $even))
