// Exported functions with numeric parameters, called with JSON. No C library: the module has no import at all.
#include <stdint.h>

#define EXPORT(name) __attribute__((export_name(#name))) name

int32_t EXPORT(add)(int32_t left, int32_t right)
{
    // Through unsigned, because signed overflow is undefined in C while i32.add wraps.
    return (int32_t)((uint32_t)left + (uint32_t)right);
}

// Twice-recursive on purpose: a small program whose time is all calls.
int32_t EXPORT(fib)(int32_t n)
{
    return n < 2 ? n : fib(n - 1) + fib(n - 2);
}

// 64 bits: leaves as a decimal string, because a JSON number is exact only up to 2^53.
uint64_t EXPORT(factorial)(uint32_t n)
{
    uint64_t product = 1;
    for (uint32_t factor = 2; factor <= n; factor++)
    {
        product *= factor;
    }

    return product;
}

double EXPORT(hypotenuse)(double a, double b)
{
    return __builtin_sqrt(a * a + b * b);
}

// Never returns: what the host's CPU limit is for. The asm keeps the compiler from assuming that the loop ends.
void EXPORT(spin)(void)
{
    for (;;)
    {
        __asm__ volatile("");
    }
}
