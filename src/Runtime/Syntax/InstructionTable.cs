using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace HostService.Runtime.Syntax;

/// <summary>
/// The one table of instructions. Reader, validator, compiler and <c>docs/spec-coverage.md</c> take from it what they know of an instruction.
/// </summary>
/// <remarks>
/// One file for each instruction class of the specification holds that class's rows. See docs/adr/0002.
/// <see href="https://webassembly.github.io/spec/core/appendix/index-instructions.html">Spec: index of instructions</see>
/// </remarks>
internal static partial class InstructionTable
{
    // Before Rows: static fields are initialised in the order of the text.
    private static readonly Lowering s_custom = new Lowering.Custom();

    /// <summary>Every row, class by class.</summary>
    public static ImmutableArray<InstructionInfo> Rows { get; } =
    [
        .. ControlRows(),
        .. VariableRows(),
        .. TableRows(),
        .. MemoryRows(),
        .. NumericRows(),
        .. ConversionRows(),
        .. ReferenceRows(),
        .. AggregateRows(),
        .. VectorMemoryRows(),
        .. VectorRows(),
        .. VectorIntegerRows(),
        .. VectorFloatRows(),
        .. VectorRelaxedRows(),
        .. AtomicRows(),
    ];

    private static readonly InstructionInfo?[] s_byOp = IndexByOp();

    /// <summary>The row of an instruction, or null when no instruction has that number.</summary>
    public static InstructionInfo? Find(Op op) => (ushort)op < OpPrefix.OpCount ? s_byOp[(ushort)op] : null;

    /// <summary>The row of an instruction that came from a reader or from the code, and so exists.</summary>
    public static InstructionInfo Get(Op op) => s_byOp[(ushort)op]!;

    private static InstructionInfo?[] IndexByOp()
    {
        var index = new InstructionInfo?[OpPrefix.OpCount];
        foreach (var row in Rows)
        {
            index[(ushort)row.Op] = row;
        }

        return index;
    }

    // The words of the type column.
    private static ValueType I32 => ValueType.I32;

    private static ValueType I64 => ValueType.I64;

    private static ValueType F32 => ValueType.F32;

    private static ValueType F64 => ValueType.F64;

    private static ValueType V128 => ValueType.V128;

    private static ValueType EqRef => ValueType.Ref(new HeapType(HeapKind.Eq), nullable: true);

    private static ValueType ArrayRef => ValueType.Ref(new HeapType(HeapKind.Array), nullable: true);

    private static ValueType I31Ref => ValueType.Ref(new HeapType(HeapKind.I31), nullable: true);

    private static ValueType NonNullI31 => I31Ref.AsNonNull();

    private static StackEffect? Contextual => null;

    private static StackEffect Effect(ImmutableArray<ValueType> pops, ImmutableArray<ValueType> pushes) => new(pops, pushes);

    private static StackEffect Access(ImmutableArray<ValueType> pops, ImmutableArray<ValueType> pushes) => new(pops, pushes, IsMemoryAccess: true);

    private static StackEffect Produce(ValueType type) => Effect([], [type]);

    private static StackEffect Unary(ValueType type) => Effect([type], [type]);

    private static StackEffect Binary(ValueType type) => Effect([type, type], [type]);

    private static StackEffect Ternary(ValueType type) => Effect([type, type, type], [type]);

    private static StackEffect Test(ValueType type) => Effect([type], [I32]);

    private static StackEffect Compare(ValueType type) => Effect([type, type], [I32]);

    private static StackEffect Convert(ValueType from, ValueType to) => Effect([from], [to]);

    private static StackEffect Load(ValueType type) => Access([], [type]);

    private static StackEffect Store(ValueType type) => Access([type], []);

    private static StackEffect LoadLane => Access([V128], [V128]);

    // The words of the lowering column.
    private static Lowering Custom() => s_custom;

    private static Lowering.Il Il(params ImmutableArray<ILOpCode> codes) => new Lowering.Il(codes);

    private static Lowering.Call Call(string method) => new Lowering.Call(method);

    private static Lowering.LoadFrom LoadFrom(int bytes, params ImmutableArray<ILOpCode> codes) => new Lowering.LoadFrom(bytes, codes, Method: null);

    private static Lowering.LoadFrom LoadFrom(int bytes, string method) => new Lowering.LoadFrom(bytes, [], method);

    private static Lowering.StoreTo StoreTo(int bytes, ILOpCode code, ILOpCode? narrow = null) => new Lowering.StoreTo(bytes, code, narrow, Method: null);

    private static Lowering.StoreTo StoreTo(int bytes, string method) => new Lowering.StoreTo(bytes, default, null, method);

    private static Lowering.Atomic Atomic(int bytes, string method) => new Lowering.Atomic(bytes, method);
}
