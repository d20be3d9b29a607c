// Pancake flips over all permutations of n: tiny arrays, indexed by data.
#include "kernel.h"

EXPORT(run) i32 run(i32 n)
{
    i32 permutation[16], first[16], count[16];
    i32 checksum = 0, most = 0, sign = 1, rotation = n;
    for (i32 i = 0; i < n; i++)
        first[i] = i;
    for (;;) {
        for (; rotation > 1; rotation--)
            count[rotation - 1] = rotation;
        for (i32 i = 0; i < n; i++)
            permutation[i] = first[i];
        i32 flips = 0;
        for (i32 head; (head = permutation[0]) != 0; flips++)
            for (i32 low = 0, high = head; low < high; low++, high--) {
                i32 t = permutation[low];
                permutation[low] = permutation[high];
                permutation[high] = t;
            }
        most = flips > most ? flips : most;
        checksum += sign * flips;
        sign = -sign;
        for (;; rotation++) {
            if (rotation == n)
                return checksum * 100 + most;
            i32 head = first[0];
            for (i32 i = 0; i < rotation; i++)
                first[i] = first[i + 1];
            first[rotation] = head;
            if (--count[rotation] > 0)
                break;
        }
    }
}
