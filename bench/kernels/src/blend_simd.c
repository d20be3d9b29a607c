// Alpha blending of two pictures of 64 KiB, sixteen bytes at a time: widening, 16-bit multiplication, narrowing.
#include "vector.h"

static u8 from[1 << 16], to[1 << 16];

static NOINLINE void blend(u32 alpha)
{
    u16 part = (u16)alpha, rest = (u16)(256 - alpha);
    for (i32 i = 0; i < LENGTH(from); i += 8) {
        u16x8 x = __builtin_convertvector(*(u8x8 *)(from + i), u16x8);
        u16x8 y = __builtin_convertvector(*(u8x8 *)(to + i), u16x8);
        *(u8x8 *)(to + i) = __builtin_convertvector((x * part + y * rest) >> 8, u8x8);
    }
}

EXPORT(run) i32 run(i32 n)
{
    u32 seed = 4, hash = 2166136261u;
    for (i32 i = 0; i < LENGTH(from); i++) {
        from[i] = (u8)next_random(&seed);
        to[i] = (u8)next_random(&seed);
    }
    for (i32 i = 0; i < n; i++)
        blend((u32)i * 37 & 255);
    for (i32 i = 0; i < LENGTH(to); i++)
        hash = mix(hash, to[i]);
    return (i32)hash;
}
