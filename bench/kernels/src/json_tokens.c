// A JSON scanner over generated text: a branchy state machine on bytes, numbers parsed, nesting checked.
#include "kernel.h"

static u8 text[1 << 16];
static i32 length;

static void put(const char *s)
{
    while (*s)
        text[length++] = (u8)*s++;
}

static void put_number(u32 value)
{
    char digits[12];
    i32 at = 11;
    digits[at] = 0;
    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value);
    put(digits + at);
}

static void generate(void)
{
    u32 seed = 17;
    length = 0;
    put("[");
    while (length < LENGTH(text) - 256) {
        u32 random = next_random(&seed);
        put("{\"id\": ");
        put_number(random);
        put(", \"name\": \"wid\\\"get\\u0041 ");
        put_number(random >> 20);
        put("\", \"tags\": [true, false, null, -");
        put_number(random & 1023);
        put(".5e2], \"nested\": {\"a\": [[], {}], \"b\": \"\"}},\n  ");
    }
    put("0]");
}

static i32 is_digit(u8 c)
{
    return (u8)(c - '0') < 10;
}

static NOINLINE u32 scan(void)
{
    const u8 *at = text, *end = text + length;
    u32 hash = 2166136261u;
    i32 depth = 0;
    while (at < end) {
        u8 c = *at;
        switch (c) {
        case ' ': case '\n': case '\t': case '\r':
            at++;
            break;
        case '{': case '[':
            depth++;
            hash = mix(hash, c + (u32)depth);
            at++;
            break;
        case '}': case ']':
            if (--depth < 0)
                __builtin_trap();
            hash = mix(hash, c);
            at++;
            break;
        case ',': case ':':
            at++;
            break;
        case '"': {
            u32 characters = 0;
            for (at++; *at != '"'; at++, characters++)
                if (*at == '\\')
                    at += at[1] == 'u' ? 5 : 1;
            at++;
            hash = mix(hash, characters);
            break;
        }
        case 't': case 'n':
            at += 4;
            hash = mix(hash, c);
            break;
        case 'f':
            at += 5;
            hash = mix(hash, c);
            break;
        default: {
            f64 value = 0, scale = 1;
            i32 negative = *at == '-', exponent = 0;
            at += negative;
            while (is_digit(*at))
                value = value * 10 + (*at++ - '0');
            if (*at == '.')
                for (at++; is_digit(*at); at++)
                    value += (*at - '0') * (scale /= 10);
            if (*at == 'e')
                for (at++; is_digit(*at); at++)
                    exponent = exponent * 10 + (*at - '0');
            while (exponent-- > 0)
                value *= 10;
            hash = mix(hash, fold(negative ? -value : value));
        }
        }
    }
    return mix(hash, (u32)depth);
}

EXPORT(run) i32 run(i32 n)
{
    u32 hash = 2166136261u;
    generate();
    for (i32 i = 0; i < n; i++) {
        text[9] = (u8)('1' + i % 9);
        hash = mix(hash, scan());
    }
    return (i32)hash;
}
