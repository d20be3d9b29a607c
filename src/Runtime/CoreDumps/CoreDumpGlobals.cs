using HostService.Runtime.Execution.Calls;
using HostService.Runtime.Execution.Globals;
using HostService.Runtime.Types;

namespace HostService.Runtime.CoreDumps;

/// <summary>The globals of a Store's instances, as the constants that a dump has them as.</summary>
internal sealed class CoreDumpGlobals
{
    private const byte GlobalSection = 6;
    private const byte RefNull = 0xD0;
    private const byte FuncHeap = 0x70;
    private const byte ExternHeap = 0x6F;

    private readonly CoreDumpWriter _globals = new();
    private readonly Dictionary<(object Array, int Index), int> _known = [];

    /// <summary>The index of a global in the dump. Instances may share one.</summary>
    public int IndexOf(GlobalCell cell)
    {
        var key = cell.Type.Type.IsRef ? ((object)cell.Refs, cell.Index) : (cell.Numbers, cell.Index);
        if (!_known.TryGetValue(key, out var index))
        {
            _known.Add(key, index = _known.Count);
            Write(cell);
        }

        return index;
    }

    /// <summary>The global section.</summary>
    public void WriteSection(CoreDumpWriter writer)
    {
        var section = new CoreDumpWriter();
        section.Unsigned((ulong)_known.Count);
        section.Raw(_globals.Bytes);
        writer.Section(GlobalSection, section);
    }

    private void Write(GlobalCell cell)
    {
        const byte I32 = 0x7F, I64 = 0x7E, F32 = 0x7D, F64 = 0x7C, V128 = 0x7B, Constant = 0;
        var type = cell.Type.Type;
        if (type.IsRef)
        {
            // The format has no references: null stands for all of them, of functions or of anything else.
            var heap = HeapOf(cell.Refs[cell.Index].Value);
            _globals.Byte(heap);
            _globals.Byte(Constant);
            _globals.Byte(RefNull);
            _globals.Byte(heap);
            _globals.End();
            return;
        }

        _globals.Byte(type.Kind switch { ValueKind.I32 => I32, ValueKind.I64 => I64, ValueKind.F32 => F32, ValueKind.F64 => F64, _ => V128 });
        _globals.Byte(Constant);
        _globals.Constant(type.Kind, cell.Numbers[cell.Index], type.Kind == ValueKind.V128 ? cell.Numbers[cell.Index + 1] : 0);
    }

    private static byte HeapOf(object? reference) => reference is FuncRef ? FuncHeap : ExternHeap;
}
