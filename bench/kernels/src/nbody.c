// The planets' orbits: double arithmetic, square roots, small structures in memory.
#include "kernel.h"

typedef struct { f64 x, y, z, vx, vy, vz, mass; } body;

#define PI 3.141592653589793
#define SOLAR_MASS (4 * PI * PI)
#define YEAR 365.24

static const body initial[5] = {
    { 0, 0, 0, 0, 0, 0, SOLAR_MASS },
    { 4.84143144246472090e+00, -1.16032004402742839e+00, -1.03622044471123109e-01,
      1.66007664274403694e-03 * YEAR, 7.69901118419740425e-03 * YEAR, -6.90460016972063023e-05 * YEAR, 9.54791938424326609e-04 * SOLAR_MASS },
    { 8.34336671824457987e+00, 4.12479856412430479e+00, -4.03523417114321381e-01,
      -2.76742510726411021e-03 * YEAR, 4.99852801234917238e-03 * YEAR, 2.30417297573763929e-05 * YEAR, 2.85885980666130812e-04 * SOLAR_MASS },
    { 1.28943695621391310e+01, -1.51111514016986312e+01, -2.23307578892655734e-01,
      2.96460137564761618e-03 * YEAR, 2.37847173959480950e-03 * YEAR, -2.96589568540237556e-05 * YEAR, 4.36624404335156298e-05 * SOLAR_MASS },
    { 1.53796971148509165e+01, -2.59193146099879641e+01, 1.79258772950371181e-01,
      2.68067772490389322e-03 * YEAR, 1.62824170038242295e-03 * YEAR, -9.51592254519715870e-05 * YEAR, 5.15138902046611451e-05 * SOLAR_MASS },
};
static body bodies[5];

static void advance(f64 dt)
{
    for (i32 i = 0; i < 5; i++) {
        body *a = &bodies[i];
        for (i32 j = i + 1; j < 5; j++) {
            body *b = &bodies[j];
            f64 dx = a->x - b->x, dy = a->y - b->y, dz = a->z - b->z;
            f64 square = dx * dx + dy * dy + dz * dz;
            f64 magnitude = dt / (square * __builtin_sqrt(square));
            a->vx -= dx * b->mass * magnitude;
            a->vy -= dy * b->mass * magnitude;
            a->vz -= dz * b->mass * magnitude;
            b->vx += dx * a->mass * magnitude;
            b->vy += dy * a->mass * magnitude;
            b->vz += dz * a->mass * magnitude;
        }
    }
    for (i32 i = 0; i < 5; i++) {
        bodies[i].x += dt * bodies[i].vx;
        bodies[i].y += dt * bodies[i].vy;
        bodies[i].z += dt * bodies[i].vz;
    }
}

EXPORT(run) i32 run(i32 n)
{
    for (i32 i = 0; i < 5; i++)
        bodies[i] = initial[i];
    for (i32 i = 0; i < n; i++)
        advance(0.01);
    u32 hash = 2166136261u;
    for (i32 i = 0; i < 5; i++)
        hash = mix(mix(hash, fold(bodies[i].x)), fold(bodies[i].vy));
    return (i32)hash;
}
