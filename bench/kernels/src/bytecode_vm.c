// An interpreter loop: a stack machine whose switch becomes br_table. It runs a program that counts primes by trial division.
#include "kernel.h"

enum op { PUSH, LOAD, STORE, ADD, MULTIPLY, REMAINDER, LESS, JUMP, JUMP_IF_ZERO, DUPLICATE, HALT };
enum variable { LIMIT, CANDIDATE, DIVISOR, COUNT, VARIABLES };

static i32 code[128];

static i32 emit(i32 at, i32 op)
{
    code[at] = op;
    return at + 1;
}

static i32 emit_with(i32 at, i32 op, i32 operand)
{
    code[at] = op;
    code[at + 1] = operand;
    return at + 2;
}

// for (candidate = 2; candidate < limit; candidate++) {
//     for (divisor = 2; divisor * divisor < candidate + 1; divisor++) if (candidate % divisor == 0) goto next;
//     count++;
// next: }
static void assemble(void)
{
    i32 at = 0;
    at = emit_with(emit_with(at, PUSH, 2), STORE, CANDIDATE);
    i32 outer = at;
    at = emit(emit_with(emit_with(at, LOAD, CANDIDATE), LOAD, LIMIT), LESS);
    i32 done = at;
    at = emit_with(at, JUMP_IF_ZERO, 0);
    at = emit_with(emit_with(at, PUSH, 2), STORE, DIVISOR);
    i32 inner = at;
    at = emit(emit(emit_with(at, LOAD, DIVISOR), DUPLICATE), MULTIPLY);
    at = emit(emit(emit_with(emit_with(at, LOAD, CANDIDATE), PUSH, 1), ADD), LESS);
    i32 prime = at;
    at = emit_with(at, JUMP_IF_ZERO, 0);
    at = emit(emit_with(emit_with(at, LOAD, CANDIDATE), LOAD, DIVISOR), REMAINDER);
    i32 composite = at;
    at = emit_with(at, JUMP_IF_ZERO, 0);
    at = emit_with(emit(emit_with(emit_with(at, LOAD, DIVISOR), PUSH, 1), ADD), STORE, DIVISOR);
    at = emit_with(at, JUMP, inner);
    code[prime + 1] = at;
    at = emit_with(emit(emit_with(emit_with(at, LOAD, COUNT), PUSH, 1), ADD), STORE, COUNT);
    code[composite + 1] = at;
    at = emit_with(emit(emit_with(emit_with(at, LOAD, CANDIDATE), PUSH, 1), ADD), STORE, CANDIDATE);
    at = emit_with(at, JUMP, outer);
    code[done + 1] = at;
    emit(at, HALT);
}

static NOINLINE i32 interpret(i32 limit)
{
    i32 stack[32], variables[VARIABLES] = { [LIMIT] = limit };
    i32 *top = stack - 1;
    const i32 *at = code;
    for (;;)
        switch (*at++) {
        case PUSH: *++top = *at++; break;
        case LOAD: *++top = variables[*at++]; break;
        case STORE: variables[*at++] = *top--; break;
        case ADD: top--; top[0] += top[1]; break;
        case MULTIPLY: top--; top[0] *= top[1]; break;
        case REMAINDER: top--; top[0] %= top[1]; break;
        case LESS: top--; top[0] = top[0] < top[1]; break;
        case JUMP: at = code + *at; break;
        case JUMP_IF_ZERO: at = *top-- == 0 ? code + *at : at + 1; break;
        case DUPLICATE: top++; top[0] = top[-1]; break;
        case HALT: return variables[COUNT];
        default: __builtin_trap();
        }
}

EXPORT(run) i32 run(i32 n)
{
    assemble();
    return interpret(n);
}
