// A word and number counter as a state machine: two-level switch, unpredictable in the data.
#include "kernel.h"

enum state { BETWEEN, WORD, NUMBER, FRACTION, QUOTED };
static u8 text[1 << 16];

EXPORT(run) i32 run(i32 n)
{
    static const char letters[] = "abz 019.,\"\n -x";
    u32 seed = 55;
    for (i32 i = 0; i < LENGTH(text); i++)
        text[i] = (u8)letters[next_random(&seed) % (sizeof letters - 1)];
    i32 words = 0, numbers = 0, quotes = 0, lines = 0;
    enum state state = BETWEEN;
    for (i32 round = 0; round < n; round++)
        for (i32 i = 0; i < LENGTH(text); i++) {
            u8 c = text[i];
            i32 letter = (u8)((c | 32) - 'a') < 26, digit = (u8)(c - '0') < 10;
            lines += c == '\n';
            switch (state) {
            case BETWEEN: state = letter ? WORD : digit ? NUMBER : c == '"' ? QUOTED : BETWEEN; break;
            case WORD: if (!letter && !digit) { words++; state = BETWEEN; } break;
            case NUMBER: if (c == '.') state = FRACTION; else if (!digit) { numbers++; state = letter ? WORD : BETWEEN; } break;
            case FRACTION: if (!digit) { numbers += 2; state = BETWEEN; } break;
            case QUOTED: if (c == '"' || c == '\n') { quotes++; state = BETWEEN; } break;
            }
        }
    return words + numbers * 3 + quotes * 7 + lines * 11;
}
