/** How many prime numbers are smaller than `limit`; counted with the sieve of Eratosthenes. */
export function primesBelow(limit: i32): i32 {
  if (limit < 3) return 0;
  const composite = new StaticArray<bool>(limit);
  let count = 0;
  for (let candidate = 2; candidate < limit; candidate++) {
    if (composite[candidate]) continue;
    count++;
    for (let multiple = <i64>candidate * candidate; multiple < limit; multiple += candidate) {
      composite[<i32>multiple] = true;
    }
  }
  return count;
}

/** How many steps the point (x, y) takes to leave the Mandelbrot set's circle of radius 2; `most` if it never does. */
export function mandelbrot(x: f64, y: f64, most: i32): i32 {
  let real = 0.0;
  let imaginary = 0.0;
  for (let step = 0; step < most; step++) {
    const next = real * real - imaginary * imaginary + x;
    imaginary = 2.0 * real * imaginary + y;
    real = next;
    if (real * real + imaginary * imaginary > 4.0) return step;
  }
  return most;
}

/** The greatest common divisor, in 64 bits. */
export function gcd(a: i64, b: i64): i64 {
  while (b != 0) {
    const rest = a % b;
    a = b;
    b = rest;
  }
  return a < 0 ? -a : a;
}
