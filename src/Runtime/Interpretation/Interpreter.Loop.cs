using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using HostService.Runtime.Errors;
using HostService.Runtime.Execution;
using HostService.Runtime.Execution.Calls;
using HostService.Runtime.Execution.Instructions;
using HostService.Runtime.Execution.Interruption;

namespace HostService.Runtime.Interpretation;

/// <content>The loop.</content>
internal static unsafe partial class Interpreter
{
    /// <summary>Runs a function and what it calls, up to its return.</summary>
    /// <param name="state">The instance.</param>
    /// <param name="stack">The Store's stack; the function's activation has begun.</param>
    /// <param name="callee">The function.</param>
    /// <param name="frame">Its frame, which begins with its arguments; in the end, with its results.</param>
    /// <remarks>
    /// One method, so that where it is in the program stays in registers. It begins optimised, since tier 0 of it would be useless, and stays within what RyuJIT optimises (60,000 bytes of IL, 2,000 blocks):
    /// what is rare is in methods of its own.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Run(InstanceState state, InterpreterStack stack, InterpretedFunction* callee, ulong* frame)
    {
        var module = state.Interpreter!;
        var functions = module.Functions;
        var store = state.Store;
        var control = store.Control;
        var memory = state.Memory0;
        var bytes = memory is null ? null : memory.Base;
        ref var globals = ref MemoryMarshal.GetArrayDataReference(state.Globals);
        var outside = stackalloc Step[2]; // it is called, and returns to what ends the loop
        outside[0] = new Step { Operation = Operation.Call, Low = module.IndexOf(callee), High = -1 };
        outside[1] = new Step { Operation = Operation.Leave };
        var pc = outside;
        Step* i;
        ulong address;
        FuncRef target;

        for (; ; )
        {
            i = pc++;
            switch (i->Operation)
            {
                // Slots and globals.
                case Operation.Copy: frame[i->A] = frame[i->B]; break;
                case Operation.Constant: frame[i->A] = i->Immediate; break;
                case Operation.Select: frame[i->A] = frame[(int)frame[i->Immediate] != 0 ? i->B : i->C]; break;
                case Operation.GlobalGet: frame[i->A] = Unsafe.Add(ref globals, (nint)i->Immediate); break;
                case Operation.GlobalSet: Unsafe.Add(ref globals, (nint)i->Immediate) = frame[i->B]; break;

                // Loads.
                case Operation.Load8S:
                    address = (ulong)(uint)frame[i->B] + (uint)i->Low;
                    if (address + 1 > memory!.LengthBytes) goto OutOfBounds;
                    frame[i->A] = (ulong)*(sbyte*)(bytes + address);
                    break;
                case Operation.Load8U:
                    address = (ulong)(uint)frame[i->B] + (uint)i->Low;
                    if (address + 1 > memory!.LengthBytes) goto OutOfBounds;
                    frame[i->A] = *(byte*)(bytes + address);
                    break;
                case Operation.Load16S:
                    address = (ulong)(uint)frame[i->B] + (uint)i->Low;
                    if (address + 2 > memory!.LengthBytes) goto OutOfBounds;
                    frame[i->A] = (ulong)*(short*)(bytes + address);
                    break;
                case Operation.Load16U:
                    address = (ulong)(uint)frame[i->B] + (uint)i->Low;
                    if (address + 2 > memory!.LengthBytes) goto OutOfBounds;
                    frame[i->A] = *(ushort*)(bytes + address);
                    break;
                case Operation.Load32S:
                    address = (ulong)(uint)frame[i->B] + (uint)i->Low;
                    if (address + 4 > memory!.LengthBytes) goto OutOfBounds;
                    frame[i->A] = (ulong)*(int*)(bytes + address);
                    break;
                case Operation.Load32U:
                    address = (ulong)(uint)frame[i->B] + (uint)i->Low;
                    if (address + 4 > memory!.LengthBytes) goto OutOfBounds;
                    frame[i->A] = *(uint*)(bytes + address);
                    break;
                case Operation.Load64:
                    address = (ulong)(uint)frame[i->B] + (uint)i->Low;
                    if (address + 8 > memory!.LengthBytes) goto OutOfBounds;
                    frame[i->A] = *(ulong*)(bytes + address);
                    break;

                // Stores.
                case Operation.Store8:
                    address = (ulong)(uint)frame[i->B] + (uint)i->Low;
                    if (address + 1 > memory!.LengthBytes) goto OutOfBounds;
                    *(byte*)(bytes + address) = (byte)frame[i->C];
                    break;
                case Operation.Store16:
                    address = (ulong)(uint)frame[i->B] + (uint)i->Low;
                    if (address + 2 > memory!.LengthBytes) goto OutOfBounds;
                    *(ushort*)(bytes + address) = (ushort)frame[i->C];
                    break;
                case Operation.Store32:
                    address = (ulong)(uint)frame[i->B] + (uint)i->Low;
                    if (address + 4 > memory!.LengthBytes) goto OutOfBounds;
                    *(uint*)(bytes + address) = (uint)frame[i->C];
                    break;
                case Operation.Store64:
                    address = (ulong)(uint)frame[i->B] + (uint)i->Low;
                    if (address + 8 > memory!.LengthBytes) goto OutOfBounds;
                    *(ulong*)(bytes + address) = frame[i->C];
                    break;
                case Operation.StoreConstant8:
                    address = (ulong)(uint)frame[i->B] + (uint)i->Low;
                    if (address + 1 > memory!.LengthBytes) goto OutOfBounds;
                    *(byte*)(bytes + address) = (byte)(i->A | (i->C << 16));
                    break;
                case Operation.StoreConstant16:
                    address = (ulong)(uint)frame[i->B] + (uint)i->Low;
                    if (address + 2 > memory!.LengthBytes) goto OutOfBounds;
                    *(ushort*)(bytes + address) = (ushort)(i->A | (i->C << 16));
                    break;
                case Operation.StoreConstant32:
                    address = (ulong)(uint)frame[i->B] + (uint)i->Low;
                    if (address + 4 > memory!.LengthBytes) goto OutOfBounds;
                    *(uint*)(bytes + address) = (uint)(i->A | (i->C << 16));
                    break;
                case Operation.StoreConstant64:
                    address = (ulong)(uint)frame[i->B] + (uint)i->Low;
                    if (address + 8 > memory!.LengthBytes) goto OutOfBounds;
                    *(ulong*)(bytes + address) = (ulong)(i->A | (i->C << 16));
                    break;

                // Integers.
                case Operation.I64Add: frame[i->A] = frame[i->B] + frame[i->C]; break;
                case Operation.I64Sub: frame[i->A] = frame[i->B] - frame[i->C]; break;
                case Operation.I64Mul: frame[i->A] = frame[i->B] * frame[i->C]; break;
                case Operation.I64And: frame[i->A] = frame[i->B] & frame[i->C]; break;
                case Operation.I64Or: frame[i->A] = frame[i->B] | frame[i->C]; break;
                case Operation.I64Xor: frame[i->A] = frame[i->B] ^ frame[i->C]; break;
                case Operation.AddConstant: frame[i->A] = frame[i->B] + i->Immediate; break;
                case Operation.ExtendAddConstant: frame[i->A] = (uint)frame[i->B] + i->Immediate; break;
                case Operation.MulConstant: frame[i->A] = frame[i->B] * i->Immediate; break;
                case Operation.AndConstant: frame[i->A] = frame[i->B] & i->Immediate; break;
                case Operation.OrConstant: frame[i->A] = frame[i->B] | i->Immediate; break;
                case Operation.XorConstant: frame[i->A] = frame[i->B] ^ i->Immediate; break;
                case Operation.I32Shl: frame[i->A] = (uint)frame[i->B] << (int)frame[i->C]; break;
                case Operation.I32ShrS: frame[i->A] = (ulong)((int)frame[i->B] >> (int)frame[i->C]); break;
                case Operation.I32ShrU: frame[i->A] = (uint)frame[i->B] >> (int)frame[i->C]; break;
                case Operation.I32ShlConstant: frame[i->A] = (uint)frame[i->B] << i->Low; break;
                case Operation.I32ShrSConstant: frame[i->A] = (ulong)((int)frame[i->B] >> i->Low); break;
                case Operation.I32ShrUConstant: frame[i->A] = (uint)frame[i->B] >> i->Low; break;
                case Operation.I64Shl: frame[i->A] = frame[i->B] << (int)frame[i->C]; break;
                case Operation.I64ShrS: frame[i->A] = (ulong)((long)frame[i->B] >> (int)frame[i->C]); break;
                case Operation.I64ShrU: frame[i->A] = frame[i->B] >> (int)frame[i->C]; break;
                case Operation.I64ShlConstant: frame[i->A] = frame[i->B] << i->Low; break;
                case Operation.I64ShrSConstant: frame[i->A] = (ulong)((long)frame[i->B] >> i->Low); break;
                case Operation.I64ShrUConstant: frame[i->A] = frame[i->B] >> i->Low; break;
                case Operation.I32Eq: frame[i->A] = (uint)frame[i->B] == (uint)frame[i->C] ? 1UL : 0UL; break;
                case Operation.I32Ne: frame[i->A] = (uint)frame[i->B] != (uint)frame[i->C] ? 1UL : 0UL; break;
                case Operation.I32LtS: frame[i->A] = (int)frame[i->B] < (int)frame[i->C] ? 1UL : 0UL; break;
                case Operation.I32LtU: frame[i->A] = (uint)frame[i->B] < (uint)frame[i->C] ? 1UL : 0UL; break;
                case Operation.I32GtS: frame[i->A] = (int)frame[i->B] > (int)frame[i->C] ? 1UL : 0UL; break;
                case Operation.I32GtU: frame[i->A] = (uint)frame[i->B] > (uint)frame[i->C] ? 1UL : 0UL; break;
                case Operation.I32LeS: frame[i->A] = (int)frame[i->B] <= (int)frame[i->C] ? 1UL : 0UL; break;
                case Operation.I32LeU: frame[i->A] = (uint)frame[i->B] <= (uint)frame[i->C] ? 1UL : 0UL; break;
                case Operation.I32GeS: frame[i->A] = (int)frame[i->B] >= (int)frame[i->C] ? 1UL : 0UL; break;
                case Operation.I32GeU: frame[i->A] = (uint)frame[i->B] >= (uint)frame[i->C] ? 1UL : 0UL; break;
                case Operation.I32EqConstant: frame[i->A] = (uint)frame[i->B] == (uint)i->Immediate ? 1UL : 0UL; break;
                case Operation.I32NeConstant: frame[i->A] = (uint)frame[i->B] != (uint)i->Immediate ? 1UL : 0UL; break;
                case Operation.I32LtSConstant: frame[i->A] = (int)frame[i->B] < (int)i->Immediate ? 1UL : 0UL; break;
                case Operation.I32LtUConstant: frame[i->A] = (uint)frame[i->B] < (uint)i->Immediate ? 1UL : 0UL; break;
                case Operation.I32GtSConstant: frame[i->A] = (int)frame[i->B] > (int)i->Immediate ? 1UL : 0UL; break;
                case Operation.I32GtUConstant: frame[i->A] = (uint)frame[i->B] > (uint)i->Immediate ? 1UL : 0UL; break;
                case Operation.I32LeSConstant: frame[i->A] = (int)frame[i->B] <= (int)i->Immediate ? 1UL : 0UL; break;
                case Operation.I32LeUConstant: frame[i->A] = (uint)frame[i->B] <= (uint)i->Immediate ? 1UL : 0UL; break;
                case Operation.I32GeSConstant: frame[i->A] = (int)frame[i->B] >= (int)i->Immediate ? 1UL : 0UL; break;
                case Operation.I32GeUConstant: frame[i->A] = (uint)frame[i->B] >= (uint)i->Immediate ? 1UL : 0UL; break;
                case Operation.I64Eq: frame[i->A] = frame[i->B] == frame[i->C] ? 1UL : 0UL; break;
                case Operation.I64Ne: frame[i->A] = frame[i->B] != frame[i->C] ? 1UL : 0UL; break;
                case Operation.I64LtS: frame[i->A] = (long)frame[i->B] < (long)frame[i->C] ? 1UL : 0UL; break;
                case Operation.I64LtU: frame[i->A] = frame[i->B] < frame[i->C] ? 1UL : 0UL; break;
                case Operation.I64GtS: frame[i->A] = (long)frame[i->B] > (long)frame[i->C] ? 1UL : 0UL; break;
                case Operation.I64GtU: frame[i->A] = frame[i->B] > frame[i->C] ? 1UL : 0UL; break;
                case Operation.I64LeS: frame[i->A] = (long)frame[i->B] <= (long)frame[i->C] ? 1UL : 0UL; break;
                case Operation.I64LeU: frame[i->A] = frame[i->B] <= frame[i->C] ? 1UL : 0UL; break;
                case Operation.I64GeS: frame[i->A] = (long)frame[i->B] >= (long)frame[i->C] ? 1UL : 0UL; break;
                case Operation.I64GeU: frame[i->A] = frame[i->B] >= frame[i->C] ? 1UL : 0UL; break;
                case Operation.I64EqConstant: frame[i->A] = frame[i->B] == i->Immediate ? 1UL : 0UL; break;
                case Operation.I64NeConstant: frame[i->A] = frame[i->B] != i->Immediate ? 1UL : 0UL; break;
                case Operation.I64LtSConstant: frame[i->A] = (long)frame[i->B] < (long)i->Immediate ? 1UL : 0UL; break;
                case Operation.I64LtUConstant: frame[i->A] = frame[i->B] < i->Immediate ? 1UL : 0UL; break;
                case Operation.I64GtSConstant: frame[i->A] = (long)frame[i->B] > (long)i->Immediate ? 1UL : 0UL; break;
                case Operation.I64GtUConstant: frame[i->A] = frame[i->B] > i->Immediate ? 1UL : 0UL; break;
                case Operation.I64LeSConstant: frame[i->A] = (long)frame[i->B] <= (long)i->Immediate ? 1UL : 0UL; break;
                case Operation.I64LeUConstant: frame[i->A] = frame[i->B] <= i->Immediate ? 1UL : 0UL; break;
                case Operation.I64GeSConstant: frame[i->A] = (long)frame[i->B] >= (long)i->Immediate ? 1UL : 0UL; break;
                case Operation.I64GeUConstant: frame[i->A] = frame[i->B] >= i->Immediate ? 1UL : 0UL; break;
                case Operation.I64ExtendI32U: frame[i->A] = (uint)frame[i->B]; break;
                case Operation.I64Extend8S: frame[i->A] = (ulong)(sbyte)frame[i->B]; break;
                case Operation.I64Extend16S: frame[i->A] = (ulong)(short)frame[i->B]; break;
                case Operation.I64Extend32S: frame[i->A] = (ulong)(int)frame[i->B]; break;
                case Operation.I32DivS: frame[i->A] = (ulong)Intrinsics.I32DivS((int)frame[i->B], (int)frame[i->C], i->High); break;
                case Operation.I32DivU: frame[i->A] = (ulong)Intrinsics.I32DivU((int)frame[i->B], (int)frame[i->C], i->High); break;
                case Operation.I32RemS: frame[i->A] = (ulong)Intrinsics.I32RemS((int)frame[i->B], (int)frame[i->C], i->High); break;
                case Operation.I32RemU: frame[i->A] = (ulong)Intrinsics.I32RemU((int)frame[i->B], (int)frame[i->C], i->High); break;
                case Operation.I64DivS: frame[i->A] = (ulong)Intrinsics.I64DivS((long)frame[i->B], (long)frame[i->C], i->High); break;
                case Operation.I64DivU: frame[i->A] = (ulong)Intrinsics.I64DivU((long)frame[i->B], (long)frame[i->C], i->High); break;
                case Operation.I64RemS: frame[i->A] = (ulong)Intrinsics.I64RemS((long)frame[i->B], (long)frame[i->C], i->High); break;
                case Operation.I64RemU: frame[i->A] = (ulong)Intrinsics.I64RemU((long)frame[i->B], (long)frame[i->C], i->High); break;

                // Floats; the rarer ones are elsewhere.
                case Operation.F32Add: *(float*)(frame + i->A) = *(float*)(frame + i->B) + *(float*)(frame + i->C); break;
                case Operation.F32Sub: *(float*)(frame + i->A) = *(float*)(frame + i->B) - *(float*)(frame + i->C); break;
                case Operation.F32Mul: *(float*)(frame + i->A) = *(float*)(frame + i->B) * *(float*)(frame + i->C); break;
                case Operation.F32Div: *(float*)(frame + i->A) = *(float*)(frame + i->B) / *(float*)(frame + i->C); break;
                case Operation.F32Eq: frame[i->A] = *(float*)(frame + i->B) == *(float*)(frame + i->C) ? 1UL : 0UL; break;
                case Operation.F32Ne: frame[i->A] = *(float*)(frame + i->B) != *(float*)(frame + i->C) ? 1UL : 0UL; break;
                case Operation.F32Lt: frame[i->A] = *(float*)(frame + i->B) < *(float*)(frame + i->C) ? 1UL : 0UL; break;
                case Operation.F32Gt: frame[i->A] = *(float*)(frame + i->B) > *(float*)(frame + i->C) ? 1UL : 0UL; break;
                case Operation.F32Le: frame[i->A] = *(float*)(frame + i->B) <= *(float*)(frame + i->C) ? 1UL : 0UL; break;
                case Operation.F32Ge: frame[i->A] = *(float*)(frame + i->B) >= *(float*)(frame + i->C) ? 1UL : 0UL; break;
                case Operation.F64Add: *(double*)(frame + i->A) = *(double*)(frame + i->B) + *(double*)(frame + i->C); break;
                case Operation.F64Sub: *(double*)(frame + i->A) = *(double*)(frame + i->B) - *(double*)(frame + i->C); break;
                case Operation.F64Mul: *(double*)(frame + i->A) = *(double*)(frame + i->B) * *(double*)(frame + i->C); break;
                case Operation.F64Div: *(double*)(frame + i->A) = *(double*)(frame + i->B) / *(double*)(frame + i->C); break;
                case Operation.F64Eq: frame[i->A] = *(double*)(frame + i->B) == *(double*)(frame + i->C) ? 1UL : 0UL; break;
                case Operation.F64Ne: frame[i->A] = *(double*)(frame + i->B) != *(double*)(frame + i->C) ? 1UL : 0UL; break;
                case Operation.F64Lt: frame[i->A] = *(double*)(frame + i->B) < *(double*)(frame + i->C) ? 1UL : 0UL; break;
                case Operation.F64Gt: frame[i->A] = *(double*)(frame + i->B) > *(double*)(frame + i->C) ? 1UL : 0UL; break;
                case Operation.F64Le: frame[i->A] = *(double*)(frame + i->B) <= *(double*)(frame + i->C) ? 1UL : 0UL; break;
                case Operation.F64Ge: frame[i->A] = *(double*)(frame + i->B) >= *(double*)(frame + i->C) ? 1UL : 0UL; break;

                // Jumps.
                case Operation.Jump: pc += i->Low; break;
                case Operation.MoveAndJump: frame[i->A] = frame[i->B]; pc += i->Low; break;
                case Operation.MoveManyAndJump:
                    Move(frame + i->A, frame + i->B, i->C);
                    pc += i->Low;
                    break;
                case Operation.JumpIf: if ((int)frame[i->B] != 0) pc += i->Low; break;
                case Operation.JumpUnless: if ((int)frame[i->B] == 0) pc += i->Low; break;
                case Operation.JumpTable: pc += Math.Min((uint)frame[i->B], (uint)i->Low); break;
                case Operation.JumpTableDirect:
                    i = pc + Math.Min((uint)frame[i->B], (uint)i->Low);
                    pc = i + 1 + i->Low;
                    break;
                case Operation.JumpIfI32Eq: if ((uint)frame[i->B] == (uint)frame[i->C]) pc += i->Low; break;
                case Operation.JumpIfI32Ne: if ((uint)frame[i->B] != (uint)frame[i->C]) pc += i->Low; break;
                case Operation.JumpIfI32LtS: if ((int)frame[i->B] < (int)frame[i->C]) pc += i->Low; break;
                case Operation.JumpIfI32LtU: if ((uint)frame[i->B] < (uint)frame[i->C]) pc += i->Low; break;
                case Operation.JumpIfI32GtS: if ((int)frame[i->B] > (int)frame[i->C]) pc += i->Low; break;
                case Operation.JumpIfI32GtU: if ((uint)frame[i->B] > (uint)frame[i->C]) pc += i->Low; break;
                case Operation.JumpIfI32LeS: if ((int)frame[i->B] <= (int)frame[i->C]) pc += i->Low; break;
                case Operation.JumpIfI32LeU: if ((uint)frame[i->B] <= (uint)frame[i->C]) pc += i->Low; break;
                case Operation.JumpIfI32GeS: if ((int)frame[i->B] >= (int)frame[i->C]) pc += i->Low; break;
                case Operation.JumpIfI32GeU: if ((uint)frame[i->B] >= (uint)frame[i->C]) pc += i->Low; break;
                case Operation.JumpIfI32EqConstant: if ((uint)frame[i->B] == (uint)i->High) pc += i->Low; break;
                case Operation.JumpIfI32NeConstant: if ((uint)frame[i->B] != (uint)i->High) pc += i->Low; break;
                case Operation.JumpIfI32LtSConstant: if ((int)frame[i->B] < i->High) pc += i->Low; break;
                case Operation.JumpIfI32LtUConstant: if ((uint)frame[i->B] < (uint)i->High) pc += i->Low; break;
                case Operation.JumpIfI32GtSConstant: if ((int)frame[i->B] > i->High) pc += i->Low; break;
                case Operation.JumpIfI32GtUConstant: if ((uint)frame[i->B] > (uint)i->High) pc += i->Low; break;
                case Operation.JumpIfI32LeSConstant: if ((int)frame[i->B] <= i->High) pc += i->Low; break;
                case Operation.JumpIfI32LeUConstant: if ((uint)frame[i->B] <= (uint)i->High) pc += i->Low; break;
                case Operation.JumpIfI32GeSConstant: if ((int)frame[i->B] >= i->High) pc += i->Low; break;
                case Operation.JumpIfI32GeUConstant: if ((uint)frame[i->B] >= (uint)i->High) pc += i->Low; break;
                case Operation.JumpIfI64Eq: if (frame[i->B] == frame[i->C]) pc += i->Low; break;
                case Operation.JumpIfI64Ne: if (frame[i->B] != frame[i->C]) pc += i->Low; break;
                case Operation.JumpIfI64LtS: if ((long)frame[i->B] < (long)frame[i->C]) pc += i->Low; break;
                case Operation.JumpIfI64LtU: if (frame[i->B] < frame[i->C]) pc += i->Low; break;
                case Operation.JumpIfI64GtS: if ((long)frame[i->B] > (long)frame[i->C]) pc += i->Low; break;
                case Operation.JumpIfI64GtU: if (frame[i->B] > frame[i->C]) pc += i->Low; break;
                case Operation.JumpIfI64LeS: if ((long)frame[i->B] <= (long)frame[i->C]) pc += i->Low; break;
                case Operation.JumpIfI64LeU: if (frame[i->B] <= frame[i->C]) pc += i->Low; break;
                case Operation.JumpIfI64GeS: if ((long)frame[i->B] >= (long)frame[i->C]) pc += i->Low; break;
                case Operation.JumpIfI64GeU: if (frame[i->B] >= frame[i->C]) pc += i->Low; break;
                case Operation.JumpIfI64EqConstant: if (frame[i->B] == (ulong)(long)i->High) pc += i->Low; break;
                case Operation.JumpIfI64NeConstant: if (frame[i->B] != (ulong)(long)i->High) pc += i->Low; break;
                case Operation.JumpIfI64LtSConstant: if ((long)frame[i->B] < (long)i->High) pc += i->Low; break;
                case Operation.JumpIfI64LtUConstant: if (frame[i->B] < (ulong)(long)i->High) pc += i->Low; break;
                case Operation.JumpIfI64GtSConstant: if ((long)frame[i->B] > (long)i->High) pc += i->Low; break;
                case Operation.JumpIfI64GtUConstant: if (frame[i->B] > (ulong)(long)i->High) pc += i->Low; break;
                case Operation.JumpIfI64LeSConstant: if ((long)frame[i->B] <= (long)i->High) pc += i->Low; break;
                case Operation.JumpIfI64LeUConstant: if (frame[i->B] <= (ulong)(long)i->High) pc += i->Low; break;
                case Operation.JumpIfI64GeSConstant: if ((long)frame[i->B] >= (long)i->High) pc += i->Low; break;
                case Operation.JumpIfI64GeUConstant: if (frame[i->B] >= (ulong)(long)i->High) pc += i->Low; break;

                // Calls.
                case Operation.Call:
                    callee = functions + (uint)i->Low;
                    frame += i->A;
                    goto Enter;
                case Operation.CallImport:
                    stack.Mark(i);
                    CallOut(state, stack, state.ImportedFunctions[i->Low], frame + i->A);
                    break;
                case Operation.CallIndirect:
                    address = (uint)frame[i->B];
                    goto Indirect;
                case Operation.CallIndirect64:
                    address = frame[i->B];
                    goto Indirect;

                // Results go where the arguments were.
                case Operation.ReturnOne:
                    frame[0] = frame[i->B];
                    goto Leave;
                case Operation.ReturnMany:
                    Move(frame, frame + i->B, i->C);
                    goto Leave;
                case Operation.Return:
                    goto Leave;
                case Operation.Leave:
                    return;

                // The rest.
                case Operation.LoopHeader:
                    if (Volatile.Read(ref control->Requested) != 0)
                    {
                        stack.Mark(i);
                        store.DeadlineReached(i->High);
                    }

                    // All threads count together, each as if it were alone: one may count over 0 what another has counted back.
                    if (++i->Low >= 0 && FinishCompiled(state, stack, i, frame))
                    {
                        goto Leave;
                    }

                    break;
                case Operation.Unreachable:
                    throw Traps.Trap(TrapCode.Unreachable, i->High);
                case Operation.MemoryAccess:
                    MemoryInstructions.Access(state, i, frame);
                    pc++;
                    break;
                case Operation.Rare:
                    stack.Mark(i);
                    RareInstructions.Execute(state, i, frame);
                    break;
                default:
                    RareNumbers.Execute(i, frame);
                    break;
            }

            continue;

        Indirect:
            target = Intrinsics.CallTarget(address, state.Tables[i->C], state.TypeIds[i->Low], i->High);
            if (ReferenceEquals(target.State, state))
            {
                frame += i->A;
                callee = module.FunctionAt(target.FunctionIndex);
            }
            else
            {
                stack.Mark(i);
                CallOut(state, stack, target, frame + i->A);
                continue;
            }

        Enter:
            i = (Step*)Volatile.Read(ref *(nint*)&callee->Code); // before the function's other fields
            if (i == null && (i = Begin(state, callee)) == null)
            {
                stack.Mark(pc - 1);
                CallCompiled(state, stack, callee, frame);
                frame -= (pc - 1)->A;
                continue;
            }

            stack.Top--;
            stack.Top->ReturnTo = pc;
            stack.Top->CallerFrame = frame - (pc - 1)->A;
            stack.Top->Function = callee;
            if ((CallRecord*)(frame + callee->FrameSlots) + 1 > stack.Top)
            {
                throw Exhausted(state, callee);
            }

            for (var local = callee->Parameters; local < callee->Locals; local++)
            {
                frame[local] = 0;
            }

            pc = i;
            if (Volatile.Read(ref control->Requested) != 0)
            {
                DeadlineReached(state, stack, callee);
            }

            if (++callee->Calls >= 0)
            {
                Called(state, callee);
            }

            continue;

        Leave:
            pc = stack.Top->ReturnTo;
            frame = stack.Top->CallerFrame;
            stack.Top++;
            continue;

        OutOfBounds:
            throw Traps.Trap(TrapCode.OutOfBoundsMemoryAccess, i->High);
        }
    }
}
