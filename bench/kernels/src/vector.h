// 128-bit vectors as compiler extensions, so that the SIMD kernels build natively too.
#ifndef VECTOR_H
#define VECTOR_H

#include "kernel.h"

typedef f32 f32x4 __attribute__((vector_size(16), aligned(4)));
typedef f64 f64x2 __attribute__((vector_size(16), aligned(8)));
typedef i32 i32x4 __attribute__((vector_size(16), aligned(4)));
typedef i64 i64x2 __attribute__((vector_size(16), aligned(8)));
typedef u32 u32x4 __attribute__((vector_size(16), aligned(4)));
typedef u16 u16x8 __attribute__((vector_size(16), aligned(2)));
typedef u8 u8x16 __attribute__((vector_size(16), aligned(1)));
typedef u8 u8x8 __attribute__((vector_size(8), aligned(1)));

#endif
