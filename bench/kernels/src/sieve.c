// Sieve of Eratosthenes over bytes: strided stores.
#include "kernel.h"

enum { LIMIT = 1 << 20 };
static u8 composite[LIMIT];

EXPORT(run) i32 run(i32 n)
{
    i32 count = 0;
    for (i32 round = 0; round < n; round++) {
        for (i32 i = 0; i < LIMIT; i++)
            composite[i] = 0;
        for (i32 i = 2; i * i < LIMIT; i++)
            if (!composite[i])
                for (i32 j = i * i; j < LIMIT; j += i)
                    composite[j] = 1;
        for (i32 i = 2 + round; i < LIMIT; i++)
            count += !composite[i];
    }
    return count;
}
