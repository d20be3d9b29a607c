using HostService.Runtime.Syntax;

namespace HostService.Runtime.Compilation.Functions;

/// <content>Which accesses are known to be in bounds because an earlier one was, where the processor checks.</content>
/// <remarks>
/// With guard pages a load touches its last byte first, because RyuJIT may read fewer bytes than the load asks for (docs/adr/0004). A memory never shrinks, so once
/// a byte was touched, what lies below it from the same local needs no touch as long as the local stays what it is. And of several loads in a row from one local, with nothing in between
/// that has an effect, it makes no difference which of them traps: the first touches the last byte of them all. Loads of the fields of a structure then cost one touch in all.
/// </remarks>
internal sealed partial class FunctionCompiler
{
    /// <summary>How many instructions ahead are looked at: the fields of a structure or the lanes of a row, with the arithmetic between them.</summary>
    private const int MaxInstructionsAhead = 48;
    private const int MaxTouched = 16;

    private readonly List<Touched> _touched = [];

    /// <summary>What the address on top of the operands is made of, before it is on the IL stack.</summary>
    private AddressBase BaseOfAddress(int memory) => _operands[_height - 1] switch
    {
        { Place: OperandPlace.Local } operand => new AddressBase(memory, operand.Index, operand.Bits, 0),
        { Place: OperandPlace.Constant } operand => new AddressBase(memory, AddressBase.Constant, 0, (uint)operand.Bits),
        _ => new AddressBase(memory, AddressBase.Unknown, Added: 0, Start: 0),
    };

    /// <summary>Where the touch of a load must end, counted from its base; null when it is known to be in bounds.</summary>
    private ulong? TouchFor(in Instruction instruction, in AddressBase address, int bytes)
    {
        var end = address.Start + instruction.Immediate + (ulong)bytes;
        if (address.Local == AddressBase.Unknown)
        {
            return end;
        }

        if (IsAlwaysInside(address, end))
        {
            return null;
        }

        foreach (var touched in _touched)
        {
            if (touched.IsOf(address) && touched.End >= end)
            {
                return null;
            }
        }

        return address.Added == 0 ? LookAhead(instruction, address, end) : end;
    }

    // No memory is smaller than its type says.
    private bool IsAlwaysInside(in AddressBase address, ulong end)
    {
        var type = _layout.Module.Memories[address.Memory];
        return address.Local == AddressBase.Constant && end <= type.Limits.Minimum << type.PageSizeLog2;
    }

    /// <summary>Whether all that is loaded is stored by the next instruction, which RyuJIT does in its whole width.</summary>
    private bool IsStoredWhole(in Instruction load, LoweringRule rule) =>
        _layout.Module.Binary.Span[load.EndOffset] is >= (byte)Op.I32Store and <= (byte)Op.I64Store32 and var next && LoweringRule.Find((Op)next)!.Bytes >= rule.Bytes;

    /// <summary>Notes that an access was in bounds.</summary>
    private void NoteTouched(in AddressBase address, ulong end)
    {
        if (address.Local == AddressBase.Unknown || IsAlwaysInside(address, end))
        {
            return;
        }

        for (var i = 0; i < _touched.Count; i++)
        {
            if (_touched[i].IsOf(address))
            {
                _touched[i] = _touched[i] with { End = Math.Max(_touched[i].End, end) };
                return;
            }
        }

        if (_touched.Count == MaxTouched)
        {
            _touched.RemoveAt(0);
        }

        _touched.Add(new Touched(address.Memory, address.Local, address.Added, end));
    }

    private void ForgetTouched(int local) => _touched.RemoveAll(touched => touched.Local == local);

    /// <summary>Where ways meet, only what both have touched would count.</summary>
    private void ForgetTouchedAt(Op instruction)
    {
        if (instruction is Op.Loop or Op.Else or Op.End or Op.TryTable or Op.Try or Op.Catch or Op.CatchAll or Op.Delegate)
        {
            _touched.Clear();
        }
    }

    // The end of the furthest load from the same base that is certain to follow, with nothing that could be seen in between.
    private ulong LookAhead(in Instruction instruction, in AddressBase address, ulong end)
    {
        var body = _layout.Module.Bodies[_function];
        var reader = new InstructionReader(_layout.Module.Binary.Span, instruction.EndOffset, body.Offset + body.Length, _layout.Module.Features);
        var (next, before, beforeThat) = (default(Instruction), default(Instruction), default(Instruction));
        for (var i = 0; i < MaxInstructionsAhead && reader.Read(ref next) && HasNoEffect(next, address.Local); i++)
        {
            if (LoweringRule.Find(next.Op) is { IsLoad: true } rule && next.Index == address.Memory && IsBase(before.Op == Op.I32WrapI64 ? beforeThat : before, address.Local, out var start))
            {
                end = Math.Max(end, start + next.Immediate + (ulong)rule.Bytes);
            }

            (before, beforeThat) = (next, before);
        }

        return end;
    }

    private static bool IsBase(in Instruction instruction, int local, out ulong start)
    {
        start = instruction.Op == Op.I32Const ? (uint)instruction.Immediate : 0;
        return local == AddressBase.Constant ? instruction.Op == Op.I32Const : instruction.Op == Op.LocalGet && instruction.Index == local;
    }

    // Nothing outside the function could tell whether it has run, it goes on to the next instruction, and it does not trap but for an access out of bounds.
    private static bool HasNoEffect(in Instruction instruction, int local) => instruction.Op switch
    {
        Op.LocalGet or Op.I32Const or Op.I64Const or Op.F32Const or Op.F64Const or Op.Drop or Op.Select or Op.GlobalGet => true,
        Op.LocalSet or Op.LocalTee => instruction.Index != local,
        Op.I32Shl or Op.I32ShrS or Op.I32ShrU or Op.I64Shl or Op.I64ShrS or Op.I64ShrU => true,
        _ => LoweringRule.Find(instruction.Op) is { IsStore: false, IsAtomic: false, CanTrap: false },
    };

    /// <summary>What an address is made of, but for the instruction's offset.</summary>
    /// <param name="Memory">The memory.</param>
    /// <param name="Local">The local that is added, its lower 32 bits if it has more, <see cref="Constant"/>, or <see cref="Unknown"/>.</param>
    /// <param name="Added">What is added to the local, in 32 bits: an address below the local's value, if that is near the end, and so another base.</param>
    /// <param name="Start">The constant that is the address.</param>
    private readonly record struct AddressBase(int Memory, int Local, ulong Added, ulong Start)
    {
        public const int Constant = -1;
        public const int Unknown = -2;
    }

    /// <summary>Bytes up to <paramref name="End"/> from a base are inside the memory.</summary>
    private readonly record struct Touched(int Memory, int Local, ulong Added, ulong End)
    {
        public bool IsOf(in AddressBase address) => Memory == address.Memory && Local == address.Local && Added == address.Added;
    }
}
