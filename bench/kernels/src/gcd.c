// Euclid's algorithm: unsigned remainder, a short dependent loop.
#include "kernel.h"

static u32 gcd(u32 a, u32 b)
{
    while (b != 0) {
        u32 r = a % b;
        a = b;
        b = r;
    }
    return a;
}

EXPORT(run) i32 run(i32 n)
{
    u32 sum = 0;
    for (i32 a = 1; a <= n; a++)
        for (i32 b = 1; b <= 256; b++)
            sum += gcd((u32)a * 7919u, (u32)b * 104729u);
    return (i32)sum;
}
