// mandelbrot with two columns at a time; lanes that have escaped are masked.
#include "vector.h"

EXPORT(run) i32 run(i32 n)
{
    u32 hash = 2166136261u;
    for (i32 row = 0; row < n; row++)
        for (i32 column = 0; column < n; column += 2) {
            f64x2 cr = { 3.0 * column / n - 2.0, 3.0 * (column + 1) / n - 2.0 };
            f64 y = 2.0 * row / n - 1.0;
            f64x2 ci = { y, y }, zr = { 0 }, zi = { 0 };
            i64x2 steps = { 0 };
            for (i32 i = 0; i < 64; i++) {
                i64x2 inside = zr * zr + zi * zi <= (f64x2){ 4.0, 4.0 };
                if (!(inside[0] | inside[1]))
                    break;
                steps -= inside;
                f64x2 t = zr * zr - zi * zi + cr;
                zi = 2 * zr * zi + ci;
                zr = t;
            }
            hash = mix(mix(hash, (u32)steps[0]), (u32)steps[1]);
        }
    return (i32)hash;
}
