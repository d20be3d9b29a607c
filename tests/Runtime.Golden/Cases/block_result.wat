;; What two ways bring to a label meets in the slot of its height.
(module
  (func (param $condition i32) (param $x i32) (result i32)
    local.get $x
    block (result i32)
      i32.const 1
      local.get $condition
      br_if 0
      drop
      i32.const 2
    end
    i32.mul))
