;; Labels with arguments have a stub each, shared by all entries that name them.
(module
  (func (param $index i32) (result i32)
    block $a (result i32)
      block $b (result i32)
        i32.const 10
        local.get $index
        br_table $a $b $a $b
      end
      i32.const 1
      i32.add
    end))
