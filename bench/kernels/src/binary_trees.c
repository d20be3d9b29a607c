// Trees built from a free list, walked and given back: pointers, recursion, an allocator.
#include "kernel.h"

typedef struct node { struct node *left, *right; } node;

enum { NODES = 1 << 17 };
static node nodes[NODES];
static node *available;

static NOINLINE node *build(i32 depth)
{
    node *n = available;
    available = n->left;
    n->left = depth > 0 ? build(depth - 1) : 0;
    n->right = depth > 0 ? build(depth - 1) : 0;
    return n;
}

static NOINLINE i32 check(const node *n)
{
    return n->left ? 1 + check(n->left) + check(n->right) : 1;
}

static NOINLINE void release(node *n)
{
    if (n->left) {
        release(n->left);
        release(n->right);
    }
    n->left = available;
    available = n;
}

EXPORT(run) i32 run(i32 n)
{
    for (i32 i = 0; i < NODES; i++)
        nodes[i].left = i + 1 < NODES ? &nodes[i + 1] : 0;
    available = nodes;
    i32 sum = 0;
    node *kept = build(12);
    for (i32 i = 0; i < n; i++) {
        node *tree = build(4 + i % 10);
        sum += check(tree);
        release(tree);
    }
    return sum + check(kept);
}
