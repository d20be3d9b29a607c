// MurmurHash3's 32-bit form over strings of 0 to 63 bytes: unaligned loads, rotates, a tail switch.
#include "kernel.h"

static u8 text[4096];

static NOINLINE u32 murmur(const u8 *data, i32 length, u32 hash)
{
    i32 blocks = length / 4;
    for (i32 i = 0; i < blocks; i++) {
        u32 k;
        __builtin_memcpy(&k, data + 4 * i, 4);
        k *= 0xCC9E2D51u;
        k = (k << 15 | k >> 17) * 0x1B873593u;
        hash ^= k;
        hash = (hash << 13 | hash >> 19) * 5 + 0xE6546B64u;
    }
    const u8 *tail = data + 4 * blocks;
    u32 k = 0;
    switch (length & 3) {
    case 3: k ^= (u32)tail[2] << 16; // fall through
    case 2: k ^= (u32)tail[1] << 8;  // fall through
    case 1:
        k = (k ^ tail[0]) * 0xCC9E2D51u;
        hash ^= (k << 15 | k >> 17) * 0x1B873593u;
    }
    hash ^= (u32)length;
    hash = (hash ^ hash >> 16) * 0x85EBCA6Bu;
    hash = (hash ^ hash >> 13) * 0xC2B2AE35u;
    return hash ^ hash >> 16;
}

EXPORT(run) i32 run(i32 n)
{
    u32 seed = 21, hash = 0;
    for (i32 i = 0; i < LENGTH(text); i++)
        text[i] = (u8)next_random(&seed);
    for (i32 i = 0; i < n; i++)
        hash = murmur(text + (hash & 2047), i & 63, hash);
    return (i32)hash;
}
