using System.Buffers.Binary;
using System.Reflection.Metadata;

namespace HostService.Runtime.Execution.Code;

/// <summary>The room at the start of each function's IL in which code can be put that notes that the function ran.</summary>
/// <remarks>
/// In an image it is <c>nop</c>, which costs optimised code nothing. Loaded as baseline code of a module that is being optimised it is
/// <c>if (ran[function] == 0) ran[function] = 1</c>: a read of memory that threads share, and no write but the first.
/// </remarks>
internal static class EntryMark
{
    /// <summary>How long it is.</summary>
    public const int Bytes = 23;

    /// <summary>The deepest IL stack that it needs.</summary>
    public const int MaxStack = 2;

    /// <summary>Writes the room: zero is <c>nop</c>.</summary>
    public static void Clear(Span<byte> code) => code[..Bytes].Clear();

    /// <summary>Writes the mark.</summary>
    /// <param name="code">The room.</param>
    /// <param name="address">The function's byte. It must neither move nor be freed as long as the code can run.</param>
    public static void Set(Span<byte> code, nint address)
    {
        // ldc.i8 address; ldind.u1; brtrue.s end; ldc.i8 address; ldc.i4.1; stind.i1; end:
        code[0] = (byte)ILOpCode.Ldc_i8;
        BinaryPrimitives.WriteInt64LittleEndian(code[1..], address);
        code[9] = (byte)ILOpCode.Ldind_u1;
        code[10] = (byte)ILOpCode.Brtrue_s;
        code[11] = Bytes - 12;
        code[12] = (byte)ILOpCode.Ldc_i8;
        BinaryPrimitives.WriteInt64LittleEndian(code[13..], address);
        code[21] = (byte)ILOpCode.Ldc_i4_1;
        code[22] = (byte)ILOpCode.Stind_i1;
    }
}
