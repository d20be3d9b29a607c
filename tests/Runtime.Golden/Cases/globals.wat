(module
  (import "host" "imported" (global $imported (mut i64)))
  (global $own (mut i32) (i32.const 0))
  (global $reference (mut externref) (ref.null extern))
  (func (param externref)
    global.get $own
    i32.const 1
    i32.add
    global.set $own
    global.get $imported
    i64.const 1
    i64.add
    global.set $imported
    local.get 0
    global.set $reference))
