#!/bin/bash
# Builds the guests beside it: the same source with debugging information of version 4 and of version 5.
# Needs Debian's clang-19 and lld-19. Compiling and linking are two steps, because the driver would run wasm-opt, which drops debugging information.
set -euo pipefail
cd "$(dirname "$0")"

objects=$(mktemp -d)
trap 'rm -rf "$objects"' EXIT
for version in 4 5; do
    clang-19 --target=wasm32 -std=c17 -O2 -g -gdwarf-$version -fdebug-compilation-dir=/source -ffreestanding -Wall -Wextra -c orders.c -o "$objects/orders.o"
    wasm-ld-19 --no-entry --export=divide --export=read_far --export=recurse --export=spin --export=busy "$objects/orders.o" -o orders-dwarf$version.wasm
    chmod 644 orders-dwarf$version.wasm
done
