// Escape times of an n by n picture: double arithmetic in registers, one exit branch.
#include "kernel.h"

EXPORT(run) i32 run(i32 n)
{
    u32 hash = 2166136261u;
    for (i32 row = 0; row < n; row++)
        for (i32 column = 0; column < n; column++) {
            f64 cr = 3.0 * column / n - 2.0, ci = 2.0 * row / n - 1.0;
            f64 zr = 0, zi = 0;
            i32 steps = 0;
            while (steps < 64 && zr * zr + zi * zi <= 4.0) {
                f64 t = zr * zr - zi * zi + cr;
                zi = 2 * zr * zi + ci;
                zr = t;
                steps++;
            }
            hash = mix(hash, (u32)steps);
        }
    return (i32)hash;
}
