// Conway's game of life on a torus of 256 by 256 bytes, n generations.
#include "kernel.h"

enum { SIZE = 256, MASK = SIZE - 1 };
static u8 worlds[2][SIZE][SIZE];

static NOINLINE void step(u8 (*from)[SIZE], u8 (*to)[SIZE])
{
    for (i32 y = 0; y < SIZE; y++) {
        const u8 *above = from[(y - 1) & MASK], *row = from[y], *below = from[(y + 1) & MASK];
        for (i32 x = 0; x < SIZE; x++) {
            i32 left = (x - 1) & MASK, right = (x + 1) & MASK;
            i32 around = above[left] + above[x] + above[right] + row[left] + row[right] + below[left] + below[x] + below[right];
            to[y][x] = around == 3 || (around == 2 && row[x]);
        }
    }
}

EXPORT(run) i32 run(i32 n)
{
    u32 seed = 6, hash = 2166136261u;
    for (i32 y = 0; y < SIZE; y++)
        for (i32 x = 0; x < SIZE; x++)
            worlds[0][y][x] = next_random(&seed) >> 30 == 0;
    for (i32 i = 0; i < n; i++)
        step(worlds[i & 1], worlds[~i & 1]);
    for (i32 y = 0; y < SIZE; y++)
        for (i32 x = 0; x < SIZE; x++)
            hash = mix(hash, worlds[n & 1][y][x]);
    return (i32)hash;
}
