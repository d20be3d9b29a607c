using System.Buffers.Binary;
using System.Reflection.Metadata;
using System.Runtime.CompilerServices;
using HostService.Runtime.Execution.Code;

namespace HostService.Runtime.Compilation.IL;

/// <summary>Assembles the IL of one method after another. It knows IL and nothing of WebAssembly; its methods are the mnemonics.</summary>
/// <remarks>
/// It keeps the types on the IL stack, for <c>maxstack</c> and so that a Debug build stops at the first instruction that does not fit. A method is written body first,
/// then <see cref="BeginPrologue"/>, then the prologue: only after the body is it known what the prologue must do. <see cref="CopyCode"/> puts the prologue in front.
/// Reused for every method; not thread-safe.
/// </remarks>
internal sealed partial class ILWriter
{
    /// <summary>The most bytes of code that a method can have: 64 MiB.</summary>
    /// <remarks>
    /// Two bytes of WebAssembly can call a function of a thousand results, which are twenty kilobytes of IL, so the length of a function does not bound that of its method. The largest function that is
    /// taken, of 7.6 MB, becomes less than half of this when every instruction is an ordinary one.
    /// </remarks>
    public const int MaxLength = 64 << 20;

    private byte[] _code = new byte[4096];
    private int _length;
    private int _prologueStart;

    /// <summary>How many bytes of code there are.</summary>
    public int Length => _length;

    /// <summary>How many IL instructions were written.</summary>
    public int InstructionCount { get; private set; }

    /// <summary>How many places in the frame RyuJIT may give to results of calls and to copies, in units of eight bytes.</summary>
    public int TemporaryCount { get; private set; }

    /// <summary>How often an argument or a local is read, written or pointed to.</summary>
    public int VariableCount { get; private set; }

    /// <summary>How many arguments all calls pass, together.</summary>
    public int PassedCount { get; private set; }

    /// <summary>How much there is of everything that RyuJIT's time depends on.</summary>
    /// <param name="parameters">How many parameters it has.</param>
    public MethodShape ShapeWith(int parameters) => new(
        _length, InstructionCount, LabelCount, CountBlocks(), _locals.Count, parameters, VariableCount, PassedCount, BranchTargetCount, _regions.Count, RegionDepth());

    /// <summary>Forgets the method, to write another.</summary>
    public void Clear()
    {
        (_length, _prologueStart, InstructionCount, TemporaryCount, VariableCount, PassedCount, BranchTargetCount) = (0, -1, 0, 0, 0, 0, 0);
        (_depth, _maxDepth, _unreachable) = (0, 0, false);
        _labelCount = _fixupCount = 0;
        _blockEnds.Clear();
        _lastConditional = default;
        _locals.Clear();
        _regions.Clear();
    }

    /// <summary>What follows is the prologue, and goes in front of all that was written so far.</summary>
    public void BeginPrologue()
    {
        _prologueStart = _length;
        (_depth, _unreachable) = (0, false);
    }

    /// <summary>Resolves the branches and copies the code, prologue first.</summary>
    public void CopyCode(Span<byte> destination)
    {
        ResolveFixups();
        var body = _prologueStart < 0 ? _length : _prologueStart;
        _code.AsSpan(body, _length - body).CopyTo(destination);
        _code.AsSpan(0, body).CopyTo(destination[(_length - body)..]);
    }

    /// <summary>Where an offset of <see cref="Length"/>'s counting is in the copied code.</summary>
    public int FinalOffset(int position) =>
        _prologueStart < 0 ? position
        : position >= _prologueStart ? position - _prologueStart
        : position + (_length - _prologueStart);

    /// <summary>Leaves room for an <see cref="EntryMark"/>.</summary>
    public void RoomForEntryMark()
    {
        Reserve(EntryMark.Bytes);
        EntryMark.Clear(_code.AsSpan(_length));
        _length += EntryMark.Bytes;
        InstructionCount += EntryMark.Bytes;
        _maxDepth = Math.Max(_maxDepth, _depth + EntryMark.MaxStack);
    }

    /// <summary>An instruction without operands.</summary>
    public void Op(ILOpCode code)
    {
        Code(code);
        var pops = StackEffects.Pops(code);
        var pushes = StackEffects.Pushes(code);
        var operand = pops == 0 ? ILType.Void : Peek(pops - 1);
        Drop(pops);
        if (pushes != 0)
        {
            Push(pushes == StackEffects.SameAsOperand ? operand : (ILType)pushes);
        }

        if (code == ILOpCode.Throw)
        {
            _blockEnds.Add(_length);
            _unreachable = true;
        }
    }

    /// <summary>Pushes an <c>int32</c>.</summary>
    public void Ldc(int value)
    {
        if (value is >= -1 and <= 8)
        {
            Code((ILOpCode)((int)ILOpCode.Ldc_i4_0 + value));
        }
        else if (value is >= sbyte.MinValue and <= sbyte.MaxValue)
        {
            Code(ILOpCode.Ldc_i4_s);
            Byte((byte)value);
        }
        else
        {
            Code(ILOpCode.Ldc_i4);
            Int32(value);
        }

        Push(ILType.Int32);
    }

    /// <summary>Pushes an <c>int64</c>.</summary>
    /// <remarks>Not as an <c>int32</c> that is widened, which is shorter: without optimisation RyuJIT would widen it at run time.</remarks>
    public void Ldc(long value)
    {
        Code(ILOpCode.Ldc_i8);
        Int64(value);
        Push(ILType.Int64);
    }

    /// <summary>Pushes a <c>native int</c>: to RyuJIT an <c>int64</c>, as everywhere that this engine runs.</summary>
    public void LdcNative(long value)
    {
        Code(ILOpCode.Ldc_i8);
        Int64(value);
        Push(ILType.Native);
    }

    /// <summary>Pushes the <c>float32</c> with these bits, which must not be a NaN's.</summary>
    public void LdcR4(uint bits)
    {
        Code(ILOpCode.Ldc_r4);
        Int32((int)bits);
        Push(ILType.Float32);
    }

    /// <summary>Pushes the <c>float64</c> with these bits, which must not be a NaN's.</summary>
    public void LdcR8(ulong bits)
    {
        Code(ILOpCode.Ldc_r8);
        Int64((long)bits);
        Push(ILType.Float64);
    }

    /// <summary>Pushes an argument.</summary>
    public void Ldarg(int index, ILType type)
    {
        Variable(ILOpCode.Ldarg_0, ILOpCode.Ldarg_s, ILOpCode.Ldarg, index);
        Push(type);
    }

    /// <summary>Pops into an argument.</summary>
    public void Starg(int index, ILType type)
    {
        Variable(default, ILOpCode.Starg_s, ILOpCode.Starg, index);
        Pop(type);
    }

    /// <summary>Pushes a local.</summary>
    public void Ldloc(int index)
    {
        Variable(ILOpCode.Ldloc_0, ILOpCode.Ldloc_s, ILOpCode.Ldloc, index);
        Push(_locals[index]);
    }

    /// <summary>Pops into a local.</summary>
    public void Stloc(int index)
    {
        Variable(ILOpCode.Stloc_0, ILOpCode.Stloc_s, ILOpCode.Stloc, index);
        Pop(_locals[index]);
    }

    /// <summary>Pushes the address of a local.</summary>
    public void Ldloca(int index)
    {
        Variable(default, ILOpCode.Ldloca_s, ILOpCode.Ldloca, index);
        Push(ILType.Native);
    }

    /// <summary>Pushes a copy of the top.</summary>
    public void Dup()
    {
        Code(ILOpCode.Dup);
        TemporaryCount++;
        Push(Peek(0));
    }

    /// <summary>Replaces an object by one of its fields.</summary>
    public void Ldfld(Member field)
    {
        Code(ILOpCode.Ldfld);
        Int32(field.Token);
        Drop(1);
        Push(field.Result);
    }

    /// <summary>Replaces an object by the address of one of its fields.</summary>
    public void Ldflda(Member field)
    {
        Code(ILOpCode.Ldflda);
        Int32(field.Token);
        Drop(1);
        Push(ILType.Reference);
    }

    /// <summary>Pops an object and a value, and stores the value in the object's field.</summary>
    public void Stfld(Member field)
    {
        Code(ILOpCode.Stfld);
        Int32(field.Token);
        Drop(2);
    }

    /// <summary>Pushes a static field.</summary>
    public void Ldsfld(Member field)
    {
        Code(ILOpCode.Ldsfld);
        Int32(field.Token);
        Push(field.Result);
    }

    /// <summary>Calls a method of the engine or the class library; an instance method's object is its first argument.</summary>
    public void Call(Member method) => Call(ILOpCode.Call, method.Token, method.Arguments, method.Result);

    /// <summary>Calls a method or, with <c>calli</c>, through a pointer that is on top of the arguments and counted among them.</summary>
    public void Call(ILOpCode code, int token, int arguments, ILType result)
    {
        Code(code);
        Int32(token);
        PassedCount += arguments;
        Drop(arguments);
        if (result != ILType.Void)
        {
            TemporaryCount += result == ILType.Vector128 ? 2 : 1;
            Push(result);
        }
    }

    /// <summary>Reads a value of this type from the address on top.</summary>
    public void Ldobj(int typeToken, ILType type)
    {
        Code(ILOpCode.Ldobj);
        Int32(typeToken);
        Drop(1);
        Push(type);
    }

    /// <summary>Writes the value on top to the address below it.</summary>
    public void Stobj(int typeToken)
    {
        Code(ILOpCode.Stobj);
        Int32(typeToken);
        Drop(2);
    }

    /// <summary>Leaves the method, with the top of the stack as its result if it has one.</summary>
    public void Ret(ILType result)
    {
        Code(ILOpCode.Ret);
        _blockEnds.Add(_length);
        if (result != ILType.Void)
        {
            Pop(result);
        }

        _unreachable = true;
    }

    private void Variable(ILOpCode shortest, ILOpCode shorter, ILOpCode full, int index)
    {
        VariableCount++;
        if (index < 4 && shortest != default)
        {
            Code((ILOpCode)((int)shortest + index));
        }
        else if (index <= byte.MaxValue)
        {
            Code(shorter);
            Byte((byte)index);
        }
        else
        {
            Code(full);
            Reserve(2);
            BinaryPrimitives.WriteUInt16LittleEndian(_code.AsSpan(_length), checked((ushort)index));
            _length += 2;
        }
    }

    private void Code(ILOpCode code)
    {
        Reserve(2);
        InstructionCount++;
        if ((int)code > byte.MaxValue)
        {
            _code[_length++] = (byte)((int)code >> 8);
        }

        _code[_length++] = (byte)code;
    }

    private void Byte(byte value)
    {
        Reserve(1);
        _code[_length++] = value;
    }

    private void Int32(int value)
    {
        Reserve(4);
        BinaryPrimitives.WriteInt32LittleEndian(_code.AsSpan(_length), value);
        _length += 4;
    }

    private void Int64(long value)
    {
        Reserve(8);
        BinaryPrimitives.WriteInt64LittleEndian(_code.AsSpan(_length), value);
        _length += 8;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Reserve(int bytes)
    {
        if (_length + bytes > _code.Length)
        {
            Grow();
        }
    }

    // A power of two, as the limit is.
    private void Grow()
    {
        if (_code.Length == MaxLength)
        {
            throw new MethodTooLongException();
        }

        Array.Resize(ref _code, _code.Length * 2);
    }
}
