;; guard-pages
;; The first of several loads from one local touches the last byte of them all; a store needs no touch; a local that changes is another base.
(module
  (memory 1)
  (func (param $p i32) (result i64)
    local.get $p
    i64.load
    local.get $p
    i64.load offset=16
    i64.add
    local.get $p
    i64.load offset=8
    i64.add)
  (func (param $p i32)
    local.get $p
    i64.const 1
    i64.store offset=8
    local.get $p
    local.get $p
    i64.load offset=8
    i64.store
    local.get $p
    i32.load
    local.set $p
    local.get $p
    i32.load
    drop))
