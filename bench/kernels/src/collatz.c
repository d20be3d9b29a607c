// Longest Collatz chain below n: 64-bit arithmetic and an unpredictable branch.
#include "kernel.h"

EXPORT(run) i64 run(i32 n)
{
    i32 longest = 0;
    i64 best = 0;
    for (i64 start = 1; start < n; start++) {
        u64 x = (u64)start;
        i32 steps = 0;
        while (x != 1) {
            x = (x & 1) ? 3 * x + 1 : x >> 1;
            steps++;
        }
        if (steps > longest) {
            longest = steps;
            best = start;
        }
    }
    return best << 32 | longest;
}
