(module
  (type $unary (func (param i32) (result i32)))
  (table 2 funcref)
  (func (param $index i32) (result i32)
    i32.const 5
    local.get $index
    call_indirect (type $unary)))
