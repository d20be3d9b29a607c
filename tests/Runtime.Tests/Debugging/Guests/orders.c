// A guest with debugging information: one function for each way to trap, with helpers that clang inlines.
#define SEPARATE __attribute__((noinline))

struct order
{
    int total;
    int quantity;
};

static int ratio(int dividend, int divisor)
{
    return dividend / divisor;
}

static inline int unit_price(const struct order *order)
{
    int price = ratio(order->total, order->quantity);
    return price < 0 ? 0 : price;
}

SEPARATE int price_of(int total, int quantity)
{
    struct order order = {total, quantity};
    return unit_price(&order) + 1;
}

// Several calls in one expression: which of them trapped?
SEPARATE int sum(int first, int second, int third)
{
    return price_of(100, first)
        + price_of(200, second)
        - price_of(300, third);
}

int divide(int which)
{
    return sum(which != 1, which != 2,
        which != 3);
}

SEPARATE int element(const int *values, unsigned int index)
{
    return values[index];
}

int read_far(void)
{
    static int values[4];
    return element(values, 0x10000000) * 2;
}

static volatile int deepest;

SEPARATE int descend(int depth)
{
    deepest = depth;
    return depth < 0 ? 0
        : descend(depth + 1) ^ deepest;
}

int recurse(void)
{
    return descend(0);
}

int spin(void)
{
    volatile int turns = 0;
    while (1)
    {
        turns++;
    }
}

// Something to do, for profiles: the loops of two helpers end up in one function.
static unsigned int steps_to_one(unsigned int number)
{
    unsigned int steps = 0;
    while (number != 1)
    {
        number = number % 2 ? 3 * number + 1 : number / 2;
        steps++;
    }
    return steps;
}

static unsigned int most_steps(unsigned int limit)
{
    unsigned int most = 0;
    for (unsigned int number = 1; number < limit; number++)
    {
        unsigned int steps = steps_to_one(number);
        most = steps > most ? steps : most;
    }
    return most;
}

int busy(int limit)
{
    return (int)most_steps((unsigned int)limit);
}
