// How often each of several bytes occurs in 64 KiB: comparison masks summed in byte lanes.
#include "vector.h"

static u8 text[1 << 16];

static NOINLINE u32 count(u8 wanted)
{
    u32 total = 0;
    for (i32 block = 0; block < LENGTH(text); block += 16 * 128) {
        u8x16 lanes = { 0 };
        for (i32 i = 0; i < 16 * 128; i += 16)
            lanes -= (u8x16)(*(u8x16 *)(text + block + i) == wanted);
        for (i32 i = 0; i < 16; i++)
            total += lanes[i];
    }
    return total;
}

EXPORT(run) i32 run(i32 n)
{
    u32 seed = 14, hash = 2166136261u;
    for (i32 i = 0; i < LENGTH(text); i++)
        text[i] = (u8)('a' + next_random(&seed) % 17);
    for (i32 i = 0; i < n; i++)
        hash = mix(hash, count((u8)('a' + i % 17)));
    return (i32)hash;
}
