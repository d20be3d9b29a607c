// ChaCha20's block function on rows of four words: additions, rotates and lane shuffles.
#include "vector.h"

static u32x4 rotate(u32x4 v, i32 by)
{
    return v << by | v >> (32 - by);
}

#define QUARTERS(a, b, c, d)      \
    a += b; d = rotate(d ^ a, 16); \
    c += d; b = rotate(b ^ c, 12); \
    a += b; d = rotate(d ^ a, 8);  \
    c += d; b = rotate(b ^ c, 7)
#define TURN1(v) __builtin_shufflevector(v, v, 1, 2, 3, 0)
#define TURN2(v) __builtin_shufflevector(v, v, 2, 3, 0, 1)
#define TURN3(v) __builtin_shufflevector(v, v, 3, 0, 1, 2)

EXPORT(run) i32 run(i32 n)
{
    const u32x4 constants = { 0x61707865, 0x3320646e, 0x79622d32, 0x6b206574 };
    u32x4 key0 = { 1, 2, 3, 4 }, key1 = { 5, 6, 7, 8 }, counter = { 0, 9, 10, 11 }, sum = { 0 };
    for (i32 block = 0; block < n; block++) {
        u32x4 a = constants, b = key0, c = key1, d = counter;
        for (i32 round = 0; round < 10; round++) {
            QUARTERS(a, b, c, d);
            b = TURN1(b);
            c = TURN2(c);
            d = TURN3(d);
            QUARTERS(a, b, c, d);
            b = TURN3(b);
            c = TURN2(c);
            d = TURN1(d);
        }
        sum = (sum ^ (a + constants)) + (b + key0);
        sum = (sum ^ (c + key1)) + (d + counter);
        counter += (u32x4){ 1, 0, 0, 0 };
    }
    return (i32)(sum[0] ^ sum[1] ^ sum[2] ^ sum[3]);
}
