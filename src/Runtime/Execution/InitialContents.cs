using System.Runtime.InteropServices;
using HostService.Runtime.Errors;
using HostService.Runtime.Execution.Globals;
using HostService.Runtime.Execution.LinearMemories;
using HostService.Runtime.Execution.Tables;
using HostService.Runtime.Syntax;
using HostService.Runtime.Types;

namespace HostService.Runtime.Execution;

/// <summary>What the globals, tables and memories of a module's instances hold at first, worked out once when the module is made.</summary>
/// <remarks>
/// Whatever doesn't depend on the instance becomes a template that instances copy or share: numbers of globals, an image of each memory, the function
/// indices of each table. What does depend on it is kept as a list and done at instantiation, in the specification's order.
/// </remarks>
internal sealed class InitialContents : IDisposable
{
    private readonly ModuleSyntax _module;
    private readonly GlobalLayout _layout;
    private readonly ulong[] _numbers;              // the template of InstanceState.Globals
    private readonly List<int> _computedGlobals = [];
    private readonly List<int> _filledTables = [];  // tables with an initial element that isn't null
    private readonly MemoryImage?[] _memoryImages;
    private readonly int[]?[] _tableImages;
    private readonly List<int> _elements = [];      // active segments that no image holds
    private readonly List<int> _data = [];          // likewise

    /// <summary>Works the contents of a module out.</summary>
    public InitialContents(ModuleSyntax module, GlobalLayout layout)
    {
        (_module, _layout) = (module, layout);
        _numbers = new ulong[layout.Numbers];
        PlanGlobals();
        _tableImages = TableImages.Build(module, _elements);
        _memoryImages = MemoryImages.Build(module, _data);
        for (var i = module.ImportedTableCount; i < module.Tables.Length; i++)
        {
            if (module.Tables[i].Init is not null)
            {
                _filledTables.Add(i);
            }
        }

        MaxResults = module.Types.Max(type => (int?)(type.Composite as FuncComposite)?.Type.Results.Length) ?? 0;
    }

    /// <summary>The most results that a function type of the module has.</summary>
    public int MaxResults { get; }

    /// <summary>What a memory of the module's own holds at first, or null for zeros.</summary>
    public MemoryImage? MemoryImage(int memory) => _memoryImages[memory];

    /// <summary>The function of each element of a table of the module's own, −1 for null; null when all are.</summary>
    public int[]? TableImage(int table) => _tableImages[table];

    /// <summary>Fills a new instance, whose memories and tables are made.</summary>
    /// <exception cref="TrapException">A segment doesn't fit.</exception>
    public void Initialize(InstanceState state)
    {
        if (_numbers.Length > 0)
        {
            state.Globals = _numbers.AsSpan().ToArray();
        }

        if (_layout.References > 0)
        {
            state.RefGlobals = new RefSlot[_layout.References];
        }

        foreach (var global in _computedGlobals)
        {
            GlobalAccess.Write(state.Module!.GlobalCellOf(state, global), ConstEvaluator.Evaluate(state, _module.Globals[global].Init!.Value));
        }

        foreach (var table in _filledTables)
        {
            var value = ConstEvaluator.Evaluate(state, _module.Tables[table].Init!.Value).Ref;
            state.Tables[table].Fill(0, value, (ulong)state.Tables[table].Length, 0);
        }

        if (_elements.Count > 0)
        {
            CopyElements(state);
        }

        foreach (var segment in _data)
        {
            CopyData(state, segment);
        }
    }

    /// <summary>Releases the memory images.</summary>
    public void Dispose()
    {
        foreach (var image in _memoryImages)
        {
            image?.Dispose();
        }
    }

    private void PlanGlobals()
    {
        for (var i = _module.ImportedGlobalCount; i < _module.Globals.Length; i++)
        {
            var (type, init) = (_module.Globals[i].Type.Type, _module.Globals[i].Init!.Value);
            if (init.Kind is ConstExprKind.I32 or ConstExprKind.F32)
            {
                _numbers[_layout.SlotOf(i)] = (uint)init.Bits;
            }
            else if (init.Kind is ConstExprKind.I64 or ConstExprKind.F64)
            {
                _numbers[_layout.SlotOf(i)] = init.Bits;
            }
            else if (init.Kind != ConstExprKind.RefNull)
            {
                _computedGlobals.Add(i);
            }
        }
    }

    private unsafe void CopyElements(InstanceState state)
    {
        try
        {
            foreach (var index in _elements)
            {
                var segment = _module.ElementSegments[index];
                var at = AddressOf(state, segment.Offset, _module.Tables[segment.Table].Type.Is64);
                var length = (ulong)state.Tables[segment.Table].Length;
                if (at > length || (ulong)segment.Count > length - at)
                {
                    throw DoesNotFit(
                        TrapCode.OutOfBoundsTableAccess, $"element segment {index}, {segment.Count} elements for index {at} of table {segment.Table}, which has {length} elements", segment.Offset);
                }

                state.Tables[segment.Table].Fill(state, index, at);
            }
        }
        catch (TrapException)
        {
            // Data segments come after element segments, so none was copied when one of these traps; the images brought theirs along.
            for (var i = _module.ImportedMemoryCount; i < _module.Memories.Length; i++)
            {
                if (_memoryImages[i] is not null)
                {
                    state.Store.Resources.GuestRan = true; // the pool must restore what is cleared here
                    NativeMemory.Clear(state.Memories[i].Base, (nuint)state.Memories[i].LengthBytes);
                }
            }

            throw;
        }
    }

    private void CopyData(InstanceState state, int index)
    {
        ref readonly var segment = ref _module.DataSegments.AsSpan()[index];
        var memory = state.Memories[segment.Memory];
        var at = AddressOf(state, segment.Offset, memory.Is64);
        if (!memory.Contains(at, (ulong)segment.DataLength))
        {
            throw DoesNotFit(
                TrapCode.OutOfBoundsMemoryAccess, $"data segment {index}, {segment.DataLength} bytes for address {at} of memory {segment.Memory}, which has {memory.LengthBytes} bytes", segment.Offset);
        }

        _module.Binary.Span.Slice(segment.DataOffset, segment.DataLength).CopyTo(memory.Slice(at, segment.DataLength));
    }

    // No function is active that a frame could name, so the trap says itself where it comes from.
    private static TrapException DoesNotFit(TrapCode code, string what, in ConstExpr offset) => new(code) { Detail = $"{what} (+0x{offset.Offset:x})" };

    private static ulong AddressOf(InstanceState state, in ConstExpr offset, bool is64)
    {
        var value = ConstEvaluator.Evaluate(state, offset);
        return is64 ? value.Low : (uint)value.Low;
    }
}
