namespace HostService.Runtime.Fuzz.Generation;

/// <summary>Two functions that make one number of all references that a module keeps, so that what they refer to can be compared: embedders see little of it.</summary>
/// <remarks>They take no fuel: the first goes only so deep, the second calls it once for each global and element.</remarks>
internal sealed class Digest(ModuleShape shape)
{
    private const byte Gc = 0xFB;
    private const int Depth = 3;

    // Of the first function: the reference, how deep it may go, and the number so far. Of the second: the number so far, an index, and addresses.
    private const byte Sum = 2;
    private const byte TotalSum = 0;
    private const byte Element = 1;
    private const byte Address32 = 2;
    private const byte Address64 = 3;

    private readonly int _describe = shape.FunctionTypes.Length;

    /// <summary><c>describe(reference, depth)</c>: which of the module's types it has, its fields and elements, and theirs.</summary>
    public WasmWriter Describe()
    {
        var body = new WasmWriter().U32(1).U32(1).Type(ValType.I64);

        // if (reference is null) return 1; if (depth == 0) return 2; if (reference is i31) return its value
        body.Byte(0x20).U32(0).Byte(0xD1).Byte(0x04).Byte(0x40).Byte(0x42).Signed(1).Byte(0x0F).Byte(0x0B);
        body.Byte(0x20).U32(1).Byte(0x45).Byte(0x04).Byte(0x40).Byte(0x42).Signed(2).Byte(0x0F).Byte(0x0B);
        Test(body, ValType.I31Ref);
        Cast(body, ValType.I31Ref);
        body.Byte(Gc).U32(29).Byte(0xAC).Byte(0x0F).Byte(0x0B);
        foreach (var type in shape.Heap)
        {
            Test(body, type.Reference);
            body.Byte(0x42).Signed(type.Index);
            AddTo(body, Sum);
            if (type.IsArray)
            {
                Elements(body, type);
            }
            else
            {
                for (var field = 0; field < type.Fields.Length; field++)
                {
                    Cast(body, type.Reference);
                    body.Byte(Gc).U32(type.Fields[field].PackedBits == 0 ? 2u : 3u).U32((uint)type.Index).U32((uint)field);
                    ToNumber(body, type.Fields[field].Type);
                    AddTo(body, Sum);
                }
            }

            body.Byte(0x0B);
        }

        return body.Byte(0x20).U32(Sum).Byte(0x0B);
    }

    /// <summary><c>digest()</c>: all globals, tables and shared memories.</summary>
    public WasmWriter Whole()
    {
        var index = shape.HasTable64 ? ValType.I64 : ValType.I32;
        var body = new WasmWriter().U32(4).U32(1).Type(ValType.I64).U32(1).Type(index).U32(1).Type(ValType.I32).U32(1).Type(ValType.I64);
        for (var global = 0; global < shape.Globals.Length; global++)
        {
            if (shape.Globals[global].IsReference())
            {
                body.Byte(0x23).U32((uint)global).Byte(0x41).Signed(Depth).Byte(0x10).U32((uint)_describe);
                AddTo(body, TotalSum);
            }
        }

        // loop if (element < table.size) sum += …; element++; continue end end
        for (var table = 0u; table < 2; table++)
        {
            Constant(0);
            body.Byte(0x21).U32(Element).Byte(0x03).Byte(0x40);
            body.Byte(0x20).U32(Element).Byte(0xFC).U32(16).U32(table).Byte(shape.HasTable64 ? (byte)0x54 : (byte)0x49).Byte(0x04).Byte(0x40);
            body.Byte(0x20).U32(Element).Byte(0x25).U32(table);
            if (table == 0)
            {
                body.Byte(0xD1).Byte(0xAD);
            }
            else
            {
                body.Byte(0x41).Signed(Depth).Byte(0x10).U32((uint)_describe);
            }

            AddTo(body, TotalSum);
            body.Byte(0x20).U32(Element);
            Constant(1);
            body.Byte(shape.HasTable64 ? (byte)0x7C : (byte)0x6A).Byte(0x21).U32(Element).Byte(0x0C).U32(1).Byte(0x0B).Byte(0x0B);
        }

        for (var memory = 0; memory < shape.Memories.Length; memory++)
        {
            if (shape.Memories[memory].IsShared)
            {
                Bytes(body, memory);
            }
        }

        return body.Byte(0x20).U32(TotalSum).Byte(0x0B);

        void Constant(long value) => body.Byte(shape.HasTable64 ? (byte)0x42 : (byte)0x41).Signed(value);
    }

    // loop if (address < memory.size << 16) sum += i64.load address; address += 8; continue end end
    private void Bytes(WasmWriter body, int memory)
    {
        var is64 = shape.Memories[memory].Is64;
        var address = is64 ? Address64 : Address32;
        Number(0);
        body.Byte(0x21).U32(address).Byte(0x03).Byte(0x40);
        body.Byte(0x20).U32(address).Byte(0x3F).U32((uint)memory);
        Number(16);
        body.Byte(Of(0x74, 0x86)).Byte(Of(0x49, 0x54)).Byte(0x04).Byte(0x40);
        body.Byte(0x20).U32(address).Byte(0x29).U32(0x40).U32((uint)memory).U32(0);
        AddTo(body, TotalSum);
        body.Byte(0x20).U32(address);
        Number(8);
        body.Byte(Of(0x6A, 0x7C)).Byte(0x21).U32(address).Byte(0x0C).U32(1).Byte(0x0B).Byte(0x0B);

        void Number(long value) => body.Byte(Of(0x41, 0x42)).Signed(value);

        byte Of(byte i32, byte i64) => is64 ? i64 : i32;
    }

    // sum += length; if (length > 0) sum += array[0]
    private void Elements(WasmWriter body, HeapShape type)
    {
        Cast(body, type.Reference);
        body.Byte(Gc).U32(15).Byte(0xAD);
        AddTo(body, Sum);
        Cast(body, type.Reference);
        body.Byte(Gc).U32(15).Byte(0x04).Byte(0x40);
        Cast(body, type.Reference);
        body.Byte(0x41).Signed(0).Byte(Gc).U32(type.Fields[0].PackedBits == 0 ? 11u : 12u).U32((uint)type.Index);
        ToNumber(body, type.Fields[0].Type);
        AddTo(body, Sum);
        body.Byte(0x0B);
    }

    // if (reference is type)
    private static void Test(WasmWriter body, ValType type) => body.Byte(0x20).U32(0).Byte(Gc).U32(20).Heap(type).Byte(0x04).Byte(0x40);

    private static void Cast(WasmWriter body, ValType type) => body.Byte(0x20).U32(0).Byte(Gc).U32(22).Heap(type);

    // sum = sum * 31 + number
    private static void AddTo(WasmWriter body, byte sum) =>
        body.Byte(0x20).U32(sum).Byte(0x42).Signed(31).Byte(0x7E).Byte(0x7C).Byte(0x21).U32(sum);

    // An i64 that tells values of the type apart.
    private void ToNumber(WasmWriter body, ValType type)
    {
        switch (type)
        {
            case ValType.I32: body.Byte(0xAC); break;
            case ValType.I64: break;
            case ValType.F32: body.Byte(0xBC).Byte(0xAC); break;
            case ValType.F64: body.Byte(0xBD); break;
            case ValType.V128: body.Byte(0xFD).U32(29).Byte(0); break; // the lower half
            case ValType.FuncRef: body.Byte(0xD1).Byte(0xAD); break;
            default:
                if (type == ValType.ExternRef)
                {
                    body.Byte(Gc).U32(26); // any.convert_extern
                }

                body.Byte(0x20).U32(1).Byte(0x41).Signed(1).Byte(0x6B).Byte(0x10).U32((uint)_describe);
                break;
        }
    }
}
