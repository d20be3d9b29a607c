// Levenshtein distance of two texts of n letters: dynamic programming over two rows.
#include "kernel.h"

enum { MAX = 4096 };
static u8 a[MAX], b[MAX];
static i32 row[MAX + 1];

EXPORT(run) i32 run(i32 n)
{
    if (n > MAX)
        __builtin_trap();
    u32 seed = 8;
    for (i32 i = 0; i < n; i++) {
        a[i] = (u8)('a' + (next_random(&seed) & 3));
        b[i] = (u8)('a' + (next_random(&seed) & 3));
    }
    for (i32 j = 0; j <= n; j++)
        row[j] = j;
    for (i32 i = 1; i <= n; i++) {
        i32 diagonal = row[0];
        row[0] = i;
        for (i32 j = 1; j <= n; j++) {
            i32 replaced = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            i32 shorter = row[j] < row[j - 1] ? row[j] + 1 : row[j - 1] + 1;
            row[j] = replaced < shorter ? replaced : shorter;
        }
    }
    return row[n];
}
