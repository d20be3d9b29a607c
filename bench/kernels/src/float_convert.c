// Conversions between integers and floats, rounding, minimum and maximum.
#include "kernel.h"

EXPORT(run) i64 run(i32 n)
{
    u32 seed = 5;
    i64 sum = 0;
    f64 low = 1e300, high = -1e300;
    for (i32 i = 0; i < n; i++) {
        i32 x = (i32)next_random(&seed);
        f64 d = (f64)x / 3.0;
        f32 s = (f32)d * 0.5f;
        sum += (i64)__builtin_floor(d) + (i32)__builtin_truncf(s) + (i64)__builtin_ceil((f64)s);
        sum ^= (i64)(u32)x + (i64)__builtin_fabs(d);
        low = d < low ? d : low;
        high = d > high ? d : high;
    }
    return sum + (i64)low + (i64)high;
}
