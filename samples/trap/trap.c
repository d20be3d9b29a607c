// A program with a bug. It computes the unit price of an order such as "total=100&quantity=4" and forgets that
// the quantity may be 0: divide() then traps, and the host names the functions that led there.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct order
{
    int total;
    int quantity;
};

// Kept out of line, as functions of separate source files are, so that each has a frame of its own.
#define SEPARATE __attribute__((noinline))

SEPARATE int divide(int dividend, int divisor)
{
    return dividend / divisor;
}

SEPARATE int unit_price(const struct order *order)
{
    int price = divide(order->total, order->quantity);
    return price < 0 ? 0 : price;
}

static int field(const char *text, const char *name)
{
    const char *found = strstr(text, name);
    return found == NULL ? 0 : atoi(found + strlen(name));
}

SEPARATE int parse_order(const char *text)
{
    struct order order = {.total = field(text, "total="), .quantity = field(text, "quantity=")};
    int price = unit_price(&order);
    fprintf(stderr, "order of %d for %d\n", order.quantity, order.total);
    return price;
}

int main(int argc, char **argv)
{
    // Called over HTTP the order is the query; called as a command it is the first argument.
    const char *query = getenv("QUERY_STRING");
    const char *text = argc > 1 ? argv[1] : query != NULL ? query : "";

    int price = parse_order(text);
    printf("Content-Type: text/plain\n\n");
    printf("unit price: %d\n", price);
    return 0;
}
