(module
  (type $unary (func (param i32) (result i32)))
  (func (param $callee (ref null $unary)) (result i32)
    i32.const 5
    local.get $callee
    call_ref $unary))
