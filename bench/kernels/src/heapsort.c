// Heap sort of 64-bit keys: memory access that jumps.
#include "kernel.h"

enum { MAX = 1 << 17 };
static u64 heap[MAX];

static NOINLINE void sift(i32 root, i32 length)
{
    u64 value = heap[root];
    for (i32 child; (child = 2 * root + 1) < length; root = child) {
        if (child + 1 < length && heap[child + 1] > heap[child])
            child++;
        if (heap[child] <= value)
            break;
        heap[root] = heap[child];
    }
    heap[root] = value;
}

EXPORT(run) i64 run(i32 n)
{
    if (n > MAX)
        __builtin_trap();
    u32 seed = 99;
    for (i32 i = 0; i < n; i++)
        heap[i] = (u64)next_random(&seed) << 32 | next_random(&seed);
    for (i32 i = n / 2 - 1; i >= 0; i--)
        sift(i, n);
    for (i32 end = n - 1; end > 0; end--) {
        u64 top = heap[0];
        heap[0] = heap[end];
        heap[end] = top;
        sift(0, end);
    }
    u64 hash = 0;
    for (i32 i = 0; i < n; i++)
        hash = hash * 1099511628211u ^ heap[i];
    return (i64)hash;
}
