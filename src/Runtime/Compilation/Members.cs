using System.Reflection;
using HostService.Runtime.Compilation.IL;
using HostService.Runtime.Execution;
using HostService.Runtime.Execution.Calls;
using HostService.Runtime.Execution.Globals;
using HostService.Runtime.Execution.Heap;
using HostService.Runtime.Execution.Instructions;
using HostService.Runtime.Execution.Interruption;
using HostService.Runtime.Execution.LinearMemories;
using HostService.Runtime.Execution.Tables;
using HostService.Runtime.Syntax;

namespace HostService.Runtime.Compilation;

/// <summary>Every member that emitted code names, resolved once: a missing one fails when the first module is compiled, not in a tenant's request.</summary>
/// <remarks>The order of declaration is the order of the rows in an image, so each member has the same token everywhere.</remarks>
internal static class Members
{
    private const BindingFlags Any = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;
    private static readonly List<Member> s_all = [];
    private static readonly Dictionary<string, Member> s_intrinsics = [];

    // What emitted code reads.
    public static readonly Member StateStore = Field<InstanceState>(nameof(InstanceState.Store));
    public static readonly Member StateControl = Field<InstanceState>(nameof(InstanceState.Control));
    public static readonly Member StateMemory0 = Field<InstanceState>(nameof(InstanceState.Memory0));
    public static readonly Member StateMemories = Field<InstanceState>(nameof(InstanceState.Memories));
    public static readonly Member StateGlobals = Field<InstanceState>(nameof(InstanceState.Globals));
    public static readonly Member StateRefGlobals = Field<InstanceState>(nameof(InstanceState.RefGlobals));
    public static readonly Member StateImportedGlobals = Field<InstanceState>(nameof(InstanceState.ImportedGlobals));
    public static readonly Member StateTable0 = Field<InstanceState>(nameof(InstanceState.Table0));
    public static readonly Member StateTables = Field<InstanceState>(nameof(InstanceState.Tables));
    public static readonly Member StateImportedFunctions = Field<InstanceState>(nameof(InstanceState.ImportedFunctions));
    public static readonly Member StateTypeIds = Field<InstanceState>(nameof(InstanceState.TypeIds));
    public static readonly Member StateTags = Field<InstanceState>(nameof(InstanceState.Tags));
    public static readonly Member StoreSavedReferences = Field<Store>(nameof(Store.SavedReferences));
    public static readonly Member StoreResults = Field<Store>(nameof(Store.Results));
    public static readonly Member MemoryBase = Field<LinearMemory>(nameof(LinearMemory.Base));
    public static readonly Member MemoryLength = Field<LinearMemory>(nameof(LinearMemory.LengthBytes));
    public static readonly Member FuncRefCode = Field<FuncRef>(nameof(FuncRef.Code));
    public static readonly Member ExceptionTag = Field<GuestException>(nameof(GuestException.Tag));
    public static readonly Member ExceptionNumbers = Field<GuestException>(nameof(GuestException.Numbers));
    public static readonly Member ExceptionReferences = Field<GuestException>(nameof(GuestException.References));
    public static readonly Member CellNumbers = Field<GlobalCell>(nameof(GlobalCell.Numbers));
    public static readonly Member CellRefs = Field<GlobalCell>(nameof(GlobalCell.Refs));
    public static readonly Member CellIndex = Field<GlobalCell>(nameof(GlobalCell.Index));
    public static readonly Member RefSlotValue = Field<RefSlot>(nameof(RefSlot.Value));
    public static readonly Member I31Value = Field<I31>(nameof(I31.Value));
    public static readonly Member ArrayData = Field<ArrayLayout>(nameof(ArrayLayout.Data));

    // What it calls.
    public static readonly Member Trap = Method(typeof(Traps), nameof(Traps.Trap));
    public static readonly Member DeadlineReached = Method(typeof(Interrupts), nameof(Interrupts.DeadlineReached));
    public static readonly Member EntryRefused = Method(typeof(Interrupts), nameof(Interrupts.EntryRefused));
    public static readonly Member KeepAlive = Method(typeof(GC), nameof(GC.KeepAlive));
    public static readonly Member DeadlineReachedInLoop = Method(typeof(Interrupts), nameof(Interrupts.DeadlineReachedInLoop));
    public static readonly Member Poll = Method(typeof(Interrupts), nameof(Interrupts.Poll));

    public static readonly Member StateOf;
    public static readonly Member CallTarget;
    public static readonly Member CheckBounds;
    private static readonly Member?[] s_byOp = new Member?[OpPrefix.OpCount];

    static Members()
    {
        foreach (var (name, method) in Intrinsics.ClassLibrary)
        {
            s_intrinsics.Add(name, Add(method));
        }

        // Accessors, local functions and lambdas are no part of what emitted code calls.
        foreach (var method in typeof(Intrinsics).GetMethods(Any))
        {
            if (!method.IsPrivate && !method.IsSpecialName && !method.Name.Contains('<', StringComparison.Ordinal))
            {
                s_intrinsics.Add(method.Name, Add(method));
            }
        }

        foreach (var row in InstructionTable.Rows)
        {
            s_byOp[(int)row.Op] = FindIntrinsic(row.Op.ToString());
        }

        StateOf = Intrinsic(nameof(Intrinsics.StateOf));
        CallTarget = Intrinsic(nameof(Intrinsics.CallTarget));
        CheckBounds = Intrinsic(nameof(Intrinsics.CheckBounds));
    }

    /// <summary>All members; the one at index i has row i + 1.</summary>
    public static IReadOnlyList<Member> All => s_all;

    /// <summary>What an instruction with a rule in it calls: a static method of <see cref="Intrinsics"/>, or of the class library where that has the very method.</summary>
    public static Member Intrinsic(string name) => FindIntrinsic(name)
        ?? throw new MissingMethodException(nameof(Intrinsics), name);

    /// <summary>The intrinsic with the name of an instruction.</summary>
    public static Member Intrinsic(Op op) => s_byOp[(int)op] ?? throw new MissingMethodException(nameof(Intrinsics), op.ToString());

    /// <summary>As <see cref="Intrinsic(string)"/>, but null where there is none.</summary>
    public static Member? FindIntrinsic(string name) => s_intrinsics.GetValueOrDefault(name);

    private static Member Field<T>(string name) => Add(typeof(T).GetField(name, Any) ?? throw new MissingFieldException(typeof(T).Name, name));

    private static Member Method(Type type, string name) => Add(type.GetMethod(name, Any) ?? throw new MissingMethodException(type.Name, name));

    private static Member Add(MemberInfo info)
    {
        var member = new Member(info, s_all.Count + 1);
        s_all.Add(member);
        return member;
    }
}
