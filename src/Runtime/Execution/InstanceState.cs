using HostService.Runtime.Execution.Calls;
using HostService.Runtime.Execution.Code;
using HostService.Runtime.Execution.Globals;
using HostService.Runtime.Execution.Heap;
using HostService.Runtime.Execution.LinearMemories;
using HostService.Runtime.Execution.Tables;
using HostService.Runtime.Interpretation;

namespace HostService.Runtime.Execution;

/// <summary>What the code of one instance works on: the last argument of every compiled function.</summary>
/// <remarks>Emitted code reads these fields directly. They are set once, while the instance is made; not thread-safe, like its Store.</remarks>
internal sealed class InstanceState
{
    /// <summary>The Store that the instance lives in.</summary>
    public required Store Store;

    /// <summary>The address of the Store's <see cref="Interruption.ControlBlock"/>, which emitted code looks at in each loop.</summary>
    public required nint Control;

    /// <summary>Memory 0, which nearly every access names; also the first of <see cref="Memories"/>.</summary>
    public LinearMemory? Memory0;

    /// <summary>All memories by index, imported ones first.</summary>
    public LinearMemory[] Memories = [];

    /// <summary>The bits of the instance's own numeric globals, at the slot that the module gave each.</summary>
    public ulong[] Globals = [];

    /// <summary>The instance's own globals of reference type, at the slot that the module gave each.</summary>
    public RefSlot[] RefGlobals = [];

    /// <summary>The imported globals, by global index.</summary>
    public GlobalCell[] ImportedGlobals = [];

    /// <summary>Table 0; also the first of <see cref="Tables"/>.</summary>
    public TableInstance? Table0;

    /// <summary>All tables by index, imported ones first.</summary>
    public TableInstance[] Tables = [];

    /// <summary>The imported functions, by function index. Shared with the <see cref="InstancePre"/>; never written.</summary>
    public FuncRef[] ImportedFunctions = [];

    /// <summary>The canonical id of each type of the module, by type index. Shared with the module; never written.</summary>
    public int[] TypeIds = [];

    /// <summary>The tags by index, imported ones first.</summary>
    public TagInstance[] Tags = [];

    /// <summary>The code that this instance runs, taken from the module when the instance was made and kept for its life.</summary>
    public ModuleCode? Code;

    /// <summary>The functions that are interpreted instead of calling <see cref="Code"/>; null when none is.</summary>
    public InterpretedModule? Interpreter;

    /// <summary>The module; null only for the state that stands for the host as a caller.</summary>
    public Module? Module;

    /// <summary>The public face of this instance.</summary>
    public Instance? Instance;

    // References to the module's own functions, made when first needed and kept so that equal references are one object.
    private FuncRef?[]? _functionRefs;

    // Which data and element segments were dropped; null as long as none was.
    private bool[]? _droppedData;
    private bool[]? _droppedElements;
    private object?[]?[]? _elementValues;

    /// <summary>The reference to a function of this instance, imported or its own.</summary>
    public FuncRef FunctionRef(int functionIndex)
    {
        if (functionIndex < ImportedFunctions.Length)
        {
            return ImportedFunctions[functionIndex];
        }

        var own = functionIndex - ImportedFunctions.Length;
        var refs = _functionRefs ??= new FuncRef?[Module!.Syntax.FunctionTypes.Length - ImportedFunctions.Length];
        return refs[own] ??= new FuncRef(Code!.EntryPoint(own), this, TypeIds[Module!.Syntax.FunctionTypes[functionIndex]], functionIndex, Code);
    }

    /// <summary>The bytes of a data segment; empty once it was dropped.</summary>
    public ReadOnlySpan<byte> DataSegment(int index) =>
        _droppedData is { } dropped && dropped[index] ? default : Module!.DataSegment(index);

    /// <summary>Drops a data segment: from now on it is empty.</summary>
    public void DropData(int index) => (_droppedData ??= new bool[Module!.Syntax.DataSegments.Length])[index] = true;

    /// <summary>Whether an element segment was dropped and is empty.</summary>
    public bool IsElementDropped(int index) => _droppedElements is { } dropped && dropped[index];

    /// <summary>The values of an element segment that is made of expressions: evaluated once, so that what one of them makes is one object.</summary>
    public object?[] ElementValues(int index)
    {
        var segments = _elementValues ??= new object?[]?[Module!.Syntax.ElementSegments.Length];
        return segments[index] ??= [.. Module!.Syntax.ElementSegments[index].Expressions!.Select(expression => ConstEvaluator.Evaluate(this, expression).Ref)];
    }

    /// <summary>Drops an element segment: from now on it is empty.</summary>
    public void DropElements(int index) => (_droppedElements ??= new bool[Module!.Syntax.ElementSegments.Length])[index] = true;
}
