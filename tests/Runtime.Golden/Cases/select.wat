(module
  (func (param $condition i32) (param $a f64) (param $b f64) (result f64)
    local.get $a
    local.get $b
    local.get $condition
    select))
