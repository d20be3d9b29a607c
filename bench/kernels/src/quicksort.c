// Quicksort of 32-bit integers with an insertion sort at the leaves.
#include "kernel.h"

enum { MAX = 1 << 18 };
static i32 values[MAX];

static NOINLINE void sort(i32 *low, i32 *high)
{
    while (high - low > 16) {
        i32 pivot = low[(high - low) / 2];
        i32 *i = low, *j = high;
        while (i <= j) {
            while (*i < pivot)
                i++;
            while (*j > pivot)
                j--;
            if (i <= j) {
                i32 t = *i;
                *i++ = *j;
                *j-- = t;
            }
        }
        // The shorter half recurses, the longer one loops, so the depth is logarithmic.
        if (j - low < high - i) {
            sort(low, j);
            low = i;
        } else {
            sort(i, high);
            high = j;
        }
    }
    for (i32 *i = low + 1; i <= high; i++) {
        i32 value = *i, *j = i;
        for (; j > low && j[-1] > value; j--)
            *j = j[-1];
        *j = value;
    }
}

EXPORT(run) i32 run(i32 n)
{
    if (n > MAX)
        __builtin_trap();
    u32 seed = 12345;
    for (i32 i = 0; i < n; i++)
        values[i] = (i32)next_random(&seed);
    sort(values, values + n - 1);
    u32 hash = 2166136261u;
    for (i32 i = 0; i < n; i++)
        hash = mix(hash, (u32)values[i]);
    return (i32)hash;
}
