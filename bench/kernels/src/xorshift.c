// xorshift64* and a rotate: 64-bit shifts, multiplication, no memory at all.
#include "kernel.h"

static u64 rotate(u64 value, u32 by)
{
    return value << (by & 63) | value >> (-by & 63);
}

EXPORT(run) i64 run(i32 n)
{
    u64 x = 88172645463325252u, sum = 0;
    for (i32 i = 0; i < n; i++) {
        x ^= x >> 12;
        x ^= x << 25;
        x ^= x >> 27;
        sum += rotate(x * 2685821657736338717u, (u32)(x >> 58));
    }
    return (i64)sum;
}
