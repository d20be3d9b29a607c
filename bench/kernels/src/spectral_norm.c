// Spectral norm of an infinite matrix, cut at n: division in the inner loop.
#include "kernel.h"

enum { MAX = 512 };
static f64 u[MAX], v[MAX], scratch[MAX];

static f64 element(i32 i, i32 j)
{
    return 1.0 / ((i + j) * (i + j + 1) / 2 + i + 1);
}

static NOINLINE void multiply(i32 n, const f64 *in, f64 *out)
{
    for (i32 i = 0; i < n; i++) {
        f64 sum = 0;
        for (i32 j = 0; j < n; j++)
            sum += element(i, j) * in[j];
        out[i] = sum;
    }
}

static NOINLINE void multiply_transposed(i32 n, const f64 *in, f64 *out)
{
    for (i32 i = 0; i < n; i++) {
        f64 sum = 0;
        for (i32 j = 0; j < n; j++)
            sum += element(j, i) * in[j];
        out[i] = sum;
    }
}

EXPORT(run) i32 run(i32 n)
{
    if (n > MAX)
        __builtin_trap();
    for (i32 i = 0; i < n; i++)
        u[i] = 1;
    for (i32 i = 0; i < 6; i++) {
        multiply(n, u, scratch);
        multiply_transposed(n, scratch, v);
        multiply(n, v, scratch);
        multiply_transposed(n, scratch, u);
    }
    f64 uv = 0, vv = 0;
    for (i32 i = 0; i < n; i++) {
        uv += u[i] * v[i];
        vv += v[i] * v[i];
    }
    return (i32)fold(__builtin_sqrt(uv / vv));
}
