// Single-precision matrix product of 128 by 128, n times: nested loops over two-dimensional arrays.
#include "kernel.h"

enum { SIZE = 128 };
static f32 a[SIZE][SIZE], b[SIZE][SIZE], c[SIZE][SIZE];

static NOINLINE void multiply(void)
{
    for (i32 i = 0; i < SIZE; i++)
        for (i32 j = 0; j < SIZE; j++) {
            f32 sum = 0;
            for (i32 k = 0; k < SIZE; k++)
                sum += a[i][k] * b[k][j];
            c[i][j] = sum;
        }
}

EXPORT(run) i32 run(i32 n)
{
    u32 seed = 9;
    for (i32 i = 0; i < SIZE; i++)
        for (i32 j = 0; j < SIZE; j++) {
            a[i][j] = (f32)(i32)(next_random(&seed) & 1023) / 512;
            b[i][j] = (f32)(i32)(next_random(&seed) & 1023) / 512;
        }
    u32 hash = 2166136261u;
    for (i32 round = 0; round < n; round++) {
        multiply();
        hash = mix(hash, fold(c[round % SIZE][round * 7 % SIZE]));
        a[round % SIZE][0] += 1;
    }
    return (i32)hash;
}
