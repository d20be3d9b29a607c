// Calls through a table of function pointers, the target chosen by data.
#include "kernel.h"

typedef u32 (*operation)(u32, u32);
#define OPERATION(name, expression) static u32 name(u32 a, u32 b) { return expression; }
OPERATION(add, a + b)
OPERATION(subtract, a - b)
OPERATION(multiply, a * (b | 1))
OPERATION(exclusive, a ^ b)
OPERATION(both, a & (b | 0x0F0F0F0F))
OPERATION(either, a | (b & 0x11111111))
OPERATION(left, a << (b & 7))
OPERATION(right, a >> (b & 3))

// Volatile, so that the compiler cannot resolve the targets.
static operation volatile operations[] = { add, subtract, multiply, exclusive, both, either, left, right };

EXPORT(run) i32 run(i32 n)
{
    u32 seed = 1, value = 1;
    for (i32 i = 0; i < n; i++) {
        u32 random = next_random(&seed);
        value = operations[i & 7](value, random) + operations[(i >> 3) & 7](random, value);
    }
    return (i32)value;
}
