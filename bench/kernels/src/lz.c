// A byte-oriented LZ77: hash-chain-free matching, then decompression and comparison.
#include "kernel.h"

enum { BYTES = 1 << 16, HASH_BITS = 12, MIN_MATCH = 4 };
static u8 plain[BYTES], packed[BYTES + BYTES / 8 + 64], restored[BYTES];
static i32 last_seen[1 << HASH_BITS];

static u32 load32(const u8 *at)
{
    u32 value;
    __builtin_memcpy(&value, at, 4);
    return value;
}

// A token is (literal count, literals, match length, 16-bit distance); a match length of 0 ends the stream.
static NOINLINE i32 compress(void)
{
    for (i32 i = 0; i < LENGTH(last_seen); i++)
        last_seen[i] = -1;
    u8 *out = packed;
    i32 anchor = 0, at = 0;
    while (at < BYTES) {
        i32 length = 0, candidate = -1;
        if (at + MIN_MATCH < BYTES) {
            u32 slot = load32(plain + at) * 2654435761u >> (32 - HASH_BITS);
            candidate = last_seen[slot];
            last_seen[slot] = at;
            if (candidate >= 0 && at - candidate < 65536)
                while (length < 255 && at + length < BYTES && plain[candidate + length] == plain[at + length])
                    length++;
        }
        if (length < MIN_MATCH && at - anchor < 254) {
            at++;
            continue;
        }
        if (length < MIN_MATCH) {
            length = 1;
            candidate = at - 1;
            if (plain[at] != plain[candidate]) {
                at++;
                length = 0;
            }
        }
        i32 literals = at - anchor;
        *out++ = (u8)literals;
        for (i32 i = 0; i < literals; i++)
            *out++ = plain[anchor + i];
        *out++ = (u8)length;
        *out++ = (u8)(at - candidate);
        *out++ = (u8)((at - candidate) >> 8);
        at += length;
        anchor = at;
    }
    i32 literals = at - anchor;
    *out++ = (u8)literals;
    for (i32 i = 0; i < literals; i++)
        *out++ = plain[anchor + i];
    return (i32)(out - packed);
}

static NOINLINE void decompress(i32 length)
{
    const u8 *in = packed, *end = packed + length;
    u8 *out = restored;
    while (in < end) {
        for (i32 literals = *in++; literals > 0; literals--)
            *out++ = *in++;
        if (in >= end)
            return;
        i32 match = in[0];
        const u8 *source = out - (in[1] | in[2] << 8);
        in += 3;
        for (; match > 0; match--)
            *out++ = *source++;
    }
}

EXPORT(run) i32 run(i32 n)
{
    static const char *const words[] = { "store ", "module ", "instance ", "table ", "memory ", "global ", "function ", "trap ", "\n", "x" };
    u32 seed = 7, hash = 2166136261u;
    for (i32 i = 0; i < BYTES;)
        for (const char *w = words[next_random(&seed) % LENGTH(words)]; *w && i < BYTES;)
            plain[i++] = (u8)*w++;
    for (i32 round = 0; round < n; round++) {
        plain[round * 31 & (BYTES - 1)] ^= 1;
        i32 length = compress();
        decompress(length);
        hash = mix(hash, (u32)length);
        for (i32 i = 0; i < BYTES; i++)
            if (plain[i] != restored[i])
                __builtin_trap();
    }
    return (i32)hash;
}
