// Ackermann's function: deep recursion, most of it through the inner call.
#include "kernel.h"

static NOINLINE i32 ackermann(i32 m, i32 n)
{
    if (m == 0)
        return n + 1;
    if (n == 0)
        return ackermann(m - 1, 1);
    return ackermann(m - 1, ackermann(m, n - 1));
}

// n rounds of A(2, 90): at most 183 frames deep, so any stack holds it.
EXPORT(run) i32 run(i32 n)
{
    u32 hash = 2166136261u;
    for (i32 i = 0; i < n; i++)
        hash = mix(hash, (u32)ackermann(2, 60 + i % 31));
    return (i32)hash;
}
