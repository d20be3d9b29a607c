// Copies and fills of many lengths, by bulk instructions and by a loop of words.
#include "kernel.h"

static u8 from[1 << 16], to[1 << 16];

static NOINLINE void copy_words(u32 *target, const u32 *source, i32 words)
{
    // The empty statement keeps the loop from being turned into one bulk copy.
    for (i32 i = 0; i < words; i++) {
        target[i] = source[i];
        __asm__ volatile("");
    }
}

EXPORT(run) i32 run(i32 n)
{
    u32 seed = 3, hash = 2166136261u;
    for (i32 i = 0; i < LENGTH(from); i++)
        from[i] = (u8)next_random(&seed);
    for (i32 i = 0; i < n; i++) {
        u32 random = next_random(&seed);
        u32 offset = random & 0x7FFF, length = random >> 16 & 0x1FFF;
        __builtin_memcpy(to + offset, from + (offset ^ 0x1111), length);
        __builtin_memset(to + (offset ^ 0x2222), (int)random, length >> 2);
        copy_words((u32 *)(to + (offset & ~3u)), (const u32 *)(from + (length & ~3u)), 64);
        hash = mix(hash, to[offset] + ((u32)to[(offset ^ 0x2222) + 1] << 8));
    }
    return (i32)hash;
}
