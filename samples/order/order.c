// A guest of the embedding sample: what it is charged with it asks its host, by two functions that the host defines.
#include <stdint.h>

#define EXPORT(name) __attribute__((export_name(#name))) name
#define IMPORT(name) __attribute__((import_module("shop"), import_name(#name)))

IMPORT(price) int32_t price(int32_t article);
IMPORT(say) void say(const char *text, int32_t length);

// What so many of an article cost, in cents: a tenth less from 100.00 on.
int32_t EXPORT(total)(int32_t article, int32_t quantity)
{
    int32_t cents = price(article) * quantity;
    if (cents >= 10000)
    {
        static const char text[] = "a tenth off";
        say(text, sizeof text - 1);
        cents -= cents / 10;
    }

    return cents;
}

// How many boxes an order fills. A box that holds nothing is a bug of whoever calls this.
__attribute__((noinline)) static int32_t fill(int32_t quantity, int32_t box)
{
    return (quantity + box - 1) / box;
}

int32_t EXPORT(boxes)(int32_t quantity, int32_t box)
{
    return fill(quantity, box);
}

// Waits for something that never comes.
void EXPORT(wait_for_sale)(void)
{
    while (price(1) >= 0)
    {
    }
}
