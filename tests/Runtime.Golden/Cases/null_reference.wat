(module
  (func (param $x externref) (result (ref extern))
    block $null
      local.get $x
      br_on_null $null
      return
    end
    local.get $x
    ref.as_non_null))
