// Open addressing with linear probing: insert, look up, remove by tombstone.
#include "kernel.h"

enum { SLOTS = 1 << 15, EMPTY = 0, REMOVED = 1 };
typedef struct { u32 key, value; } slot;
static slot slots[SLOTS];

static u32 place(u32 key)
{
    key *= 2654435769u;
    return key >> 17;
}

static NOINLINE slot *find(u32 key)
{
    slot *reusable = 0;
    for (u32 i = place(key);; i = (i + 1) & (SLOTS - 1)) {
        slot *s = &slots[i];
        if (s->key == key)
            return s;
        if (s->key == REMOVED && !reusable)
            reusable = s;
        if (s->key == EMPTY)
            return reusable ? reusable : s;
    }
}

EXPORT(run) i32 run(i32 n)
{
    for (i32 i = 0; i < SLOTS; i++)
        slots[i].key = slots[i].value = 0;
    u32 seed = 4711, hash = 2166136261u;
    for (i32 i = 0; i < n; i++) {
        u32 random = next_random(&seed);
        u32 key = (random % 12000) + 2;
        slot *s = find(key);
        if (random >> 30 == 0 && s->key == key) {
            hash = mix(hash, s->value);
            s->key = REMOVED;
        } else {
            s->value = s->key == key ? s->value + 1 : (u32)i;
            s->key = key;
        }
    }
    for (i32 i = 0; i < SLOTS; i++)
        hash = mix(hash, slots[i].key + slots[i].value);
    return (i32)hash;
}
