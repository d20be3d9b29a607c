// What every kernel shares: fixed-width types, the export mark, and a deterministic generator.
// A kernel depends on no library, fills its own static memory on each call, and returns a checksum,
// so that any two engines (and the native build) can be compared bit for bit.
#ifndef KERNEL_H
#define KERNEL_H

typedef signed char i8;
typedef unsigned char u8;
typedef unsigned short u16;
typedef short i16;
typedef int i32;
typedef unsigned int u32;
typedef long long i64;
typedef unsigned long long u64;
typedef float f32;
typedef double f64;

#ifdef __wasm__
#define EXPORT(name) __attribute__((export_name(#name), noinline))
#else
#define EXPORT(name) __attribute__((visibility("default"), noinline))
#endif
#define NOINLINE __attribute__((noinline))
#define LENGTH(array) ((i32)(sizeof(array) / sizeof((array)[0])))

// Marsaglia's xorshift32; the seed must not be zero.
static inline u32 next_random(u32 *state)
{
    u32 x = *state;
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    return *state = x;
}

// One step of FNV-1a over a 32-bit word: the checksum of kernels that produce many values.
static inline u32 mix(u32 hash, u32 value)
{
    return (hash ^ value) * 16777619u;
}

// The bits of a double folded to 32, so that a float kernel's result is compared exactly.
static inline u32 fold(f64 value)
{
    union { f64 f; u64 u; } bits = { value };
    return (u32)bits.u ^ (u32)(bits.u >> 32);
}

#endif
