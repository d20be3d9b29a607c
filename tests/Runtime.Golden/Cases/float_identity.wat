;; x * 1 must make a signalling NaN quiet, so RyuJIT must not see that 1 is 1; it may see that 2 is 2.
(module
  (func (param $x f32) (result f32)
    local.get $x
    f32.const 1
    f32.mul
    f32.const 2
    f32.mul))
