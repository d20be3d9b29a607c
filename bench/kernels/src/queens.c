// Solutions of the n queens problem by bit masks: recursion with work in each frame.
#include "kernel.h"

static NOINLINE i32 place(u32 all, u32 columns, u32 left, u32 right)
{
    if (columns == all)
        return 1;
    i32 count = 0;
    for (u32 free = all & ~(columns | left | right); free; free &= free - 1) {
        u32 bit = free & -free;
        count += place(all, columns | bit, (left | bit) << 1, (right | bit) >> 1);
    }
    return count;
}

EXPORT(run) i32 run(i32 n)
{
    return place((1u << n) - 1, 0, 0, 0);
}
