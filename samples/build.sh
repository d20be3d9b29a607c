#!/bin/bash
# Builds the C samples: samples/build.sh [--out DIR] [NAME...]
# Without names it builds all; without --out each .wasm is written beside its source.
# Needs Debian's clang-19, lld-19, wasi-libc and libclang-rt-19-dev-wasm32 (test.sh installs them).
set -euo pipefail
cd "$(dirname "$0")"

out=
if [ "${1:-}" = --out ]; then
    out=$2
    shift 2
    mkdir -p "$out"
fi
[ $# -gt 0 ] || set -- echo hello numeric order trap

libraries=/usr/lib/wasm32-wasi
builtins=$(clang-19 --print-resource-dir)/lib/wasi/libclang_rt.builtins-wasm32.a
objects=$(mktemp -d)
trap 'rm -rf "$objects"' EXIT

# Compile, then link with wasm-ld itself: asked to do both, clang runs wasm-opt where it finds one, and that drops
# the name section, from which traps take the names of functions. (--strip-debug drops the C library's DWARF only.)
for name in "$@"; do
    wasm=${out:-$name}/$name.wasm
    object=$objects/$name.o
    compile=(clang-19 --target=wasm32-wasi --sysroot=/usr -std=c11 -O2 -Wall -Wextra -Werror)
    case $name in
        numeric)
            "${compile[@]}" -ffreestanding -c "$name/$name.c" -o "$object"
            wasm-ld-19 --strip-debug --no-entry "$object" -o "$wasm"
            ;;
        order)
            "${compile[@]}" -g -fdebug-compilation-dir=/samples -ffreestanding -c "$name/$name.c" -o "$object"
            wasm-ld-19 --no-entry "$object" -o "$wasm"
            ;;
        trap)
            # With debugging information, so that traps have files and lines.
            "${compile[@]}" -g -fdebug-compilation-dir=/samples -c "$name/$name.c" -o "$object"
            wasm-ld-19 "$libraries/crt1-command.o" "$object" -L"$libraries" -lc "$builtins" -o "$wasm"
            ;;
        *)
            "${compile[@]}" -c "$name/$name.c" -o "$object"
            wasm-ld-19 --strip-debug "$libraries/crt1-command.o" "$object" -L"$libraries" -lc "$builtins" -o "$wasm"
            ;;
    esac
    chmod 644 "$wasm"
    echo "$wasm: $(stat -c %s "$wasm") bytes"
done
