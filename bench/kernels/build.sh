#!/bin/sh
# Builds every kernel: wasm/NAME.wasm (committed) and, with --native, native/NAME.so for the comparison with native code.
# Needs Debian's clang-19 and lld-19. Compiling and linking are two steps, because the driver would run wasm-opt,
# where there is one, and drop the name section.
set -eu
cd "$(dirname "$0")"
clang=${CLANG:-clang-19}
linker=${WASM_LD:-wasm-ld-19}
warnings="-Wall -Wextra -Werror"
objects=$(mktemp -d)
trap 'rm -rf "$objects"' EXIT

mkdir -p wasm
for source in src/*.c; do
    name=$(basename "$source" .c)
    features="-mbulk-memory -msign-ext -mnontrapping-fptoint"
    case $name in *_simd) features="$features -msimd128" ;; esac
    # shellcheck disable=SC2086
    $clang --target=wasm32 -std=c17 -O3 -ffreestanding -ffp-contract=off $warnings $features -c "$source" -o "$objects/$name.o"
    $linker --no-entry --export-memory -z stack-size=65536 "$objects/$name.o" -o "wasm/$name.wasm"
    chmod 644 "wasm/$name.wasm"
done

if [ "${1:-}" = --native ]; then
    mkdir -p native
    for source in src/*.c; do
        # shellcheck disable=SC2086
        $clang -std=c17 -O2 -march=x86-64-v3 -fPIC -shared -nostdlib -ffreestanding -ffp-contract=off -fvisibility=hidden $warnings \
            "$source" -o "native/$(basename "$source" .c).so"
    done
fi
