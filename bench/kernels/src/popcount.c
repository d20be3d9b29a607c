// Leading zeros, trailing zeros and population counts: instructions that x64 has one of each.
#include "kernel.h"

EXPORT(run) i32 run(i32 n)
{
    u32 seed = 77, sum = 0;
    for (i32 i = 0; i < n; i++) {
        u32 x = next_random(&seed);
        u64 wide = (u64)x << 32 | ~x;
        sum += (u32)__builtin_popcount(x) + (u32)__builtin_clz(x | 1) * 3;
        sum += (u32)__builtin_ctzll(wide | 1ull << 63) * 5 + (u32)__builtin_popcountll(wide ^ sum);
    }
    return (i32)sum;
}
