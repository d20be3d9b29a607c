namespace HostService.Runtime.Fuzz.Generation;

/// <summary>A function that calls itself until the stack is exhausted, whatever each frame of it holds; nothing else that it does can trap.</summary>
internal static class DeepGen
{
    /// <summary>Under which name it is exported. It is to be called last: how deep it gets is each engine's own affair.</summary>
    public const string Name = "deep";

    private static readonly ValType[] s_kinds = [ValType.I32, ValType.I64, ValType.F32, ValType.F64, ValType.V128];

    /// <summary>Its body: <c>(i32) → i64</c>.</summary>
    /// <param name="choices">The choices.</param>
    /// <param name="self">Its index.</param>
    public static WasmWriter Write(Choices choices, int self)
    {
        var locals = Enumerable.Range(0, choices.Below(choices.Chance(80) ? 6 : 60)).Select(_ => choices.Of(s_kinds)).ToList();
        var body = new WasmWriter().U32((uint)locals.Count);
        locals.ForEach(type => body.U32(1).Type(type));

        // Values that are made before the call and used after it are in the frame meanwhile.
        for (var i = 0; i < locals.Count; i++)
        {
            body.Byte(0x20).U32(0);
            FromI32(body, locals[i]);
            body.Byte(0x21).U32((uint)i + 1);
        }

        body.Byte(0x20).U32(0).Byte(0x41).Signed(1 + choices.Below(9)).Byte(0x6A);
        if (choices.Chance(70))
        {
            body.Byte(0x10).U32((uint)self);
        }
        else
        {
            body.Byte(0xD2).U32((uint)self).Byte(0x14).U32(ModuleShape.TypeOfAgain);
        }

        for (var i = 0; i < locals.Count; i++)
        {
            body.Byte(0x20).U32((uint)i + 1);
            ToI64(body, locals[i]);
            body.Byte(0x85);
        }

        return body.Byte(0x0B);
    }

    private static void FromI32(WasmWriter body, ValType type)
    {
        switch (type)
        {
            case ValType.I64: body.Byte(0xAC); break;
            case ValType.F32: body.Byte(0xB2); break;
            case ValType.F64: body.Byte(0xB7); break;
            case ValType.V128: body.Byte(0xFD).U32(17); break; // i32x4.splat
            default: break;
        }
    }

    private static void ToI64(WasmWriter body, ValType type)
    {
        switch (type)
        {
            case ValType.I32: body.Byte(0xAC); break;
            case ValType.F32: body.Byte(0xBC).Byte(0xAC); break;
            case ValType.F64: body.Byte(0xBD); break;
            case ValType.V128: body.Byte(0xFD).U32(29).Byte(1); break; // i64x2.extract_lane
            default: break;
        }
    }
}
