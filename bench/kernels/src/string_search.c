// Boyer-Moore-Horspool in generated text: byte loads, skips by table.
#include "kernel.h"

static u8 text[1 << 17];
static const char *const needles[] = { "abcabd", "cabbage", "dad", "feedface", "bacdefaceb", "ffffffff" };

static NOINLINE i32 count(const u8 *needle, i32 length)
{
    i32 skip[256], found = 0;
    for (i32 i = 0; i < 256; i++)
        skip[i] = length;
    for (i32 i = 0; i < length - 1; i++)
        skip[needle[i]] = length - 1 - i;
    for (i32 at = 0; at <= LENGTH(text) - length; at += skip[text[at + length - 1]]) {
        i32 i = length - 1;
        while (i >= 0 && text[at + i] == needle[i])
            i--;
        found += i < 0;
    }
    return found;
}

EXPORT(run) i32 run(i32 n)
{
    u32 seed = 31337, hash = 2166136261u;
    for (i32 i = 0; i < LENGTH(text); i++)
        text[i] = (u8)('a' + next_random(&seed) % 7);
    for (i32 round = 0; round < n; round++) {
        text[next_random(&seed) & (LENGTH(text) - 1)] = 'f';
        for (i32 i = 0; i < LENGTH(needles); i++) {
            const u8 *needle = (const u8 *)needles[i];
            i32 length = 0;
            while (needle[length])
                length++;
            hash = mix(hash, (u32)count(needle, length));
        }
    }
    return (i32)hash;
}
