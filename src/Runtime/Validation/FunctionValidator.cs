using System.Diagnostics;
using HostService.Runtime.Syntax;

namespace HostService.Runtime.Validation;

/// <summary>Checks the body of a function, one instruction at a time.</summary>
/// <remarks>
/// <para>
/// <see cref="Operands"/> and the control frames can be read before and after each <see cref="Step"/>: so it can run beside the compiler, which is watched in
/// that way (docs/adr/0002). One validator serves any number of functions, one after another; it allocates nothing per instruction.
/// Not thread-safe; functions are validated in parallel by several validators that share one <see cref="ValidationContext"/>.
/// </para>
/// <para>
/// It is the specification's algorithm.
/// <see href="https://webassembly.github.io/spec/core/appendix/algorithm.html">Spec: validation algorithm</see>
/// </para>
/// </remarks>
internal sealed partial class FunctionValidator
{
    private readonly ValidationContext _context;
    private readonly ModuleSyntax _syntax;
    private readonly TypeRelations _relations;
    private int? _function;
    private int _offset;
    private int _lastCall;
    private bool _hasCalls;
    private bool _hasLoops;
    private bool _hasHandlers;

    /// <summary>Makes a validator for the functions of one module.</summary>
    public FunctionValidator(ValidationContext context) =>
        (_context, _syntax, _relations) = (context, context.Syntax, context.Relations);

    /// <summary>The operands at the current point.</summary>
    public OperandStack Operands { get; } = new();

    /// <summary>The locals of the current function, parameters first.</summary>
    public LocalTypes Locals { get; } = new();

    /// <summary>The type of the current function.</summary>
    public FuncType FunctionType { get; private set; } = s_noEffect;

    /// <summary>Whether the last <c>end</c> has been stepped over.</summary>
    public bool IsFinished => _frameCount == 0;

    /// <summary>What was learnt of the function; complete when <see cref="IsFinished"/>.</summary>
    public FunctionFacts Facts => new(Locals.Count, Operands.MaxCount, _maxFrames, _lastCall, _hasCalls, _hasLoops, _hasHandlers);

    /// <summary>Starts with a function that is not imported: reads its locals and opens its outermost block.</summary>
    /// <returns>A reader at the first instruction.</returns>
    public InstructionReader Begin(FuncIndex function)
    {
        var body = _syntax.Body(function);
        _function = function.Value;
        FunctionType = _syntax.FuncTypeOf(function);
        var reader = new WasmReader(_syntax.Binary.Span, body.Offset, body.Offset + body.Length);
        _offset = reader.Position;
        Locals.Begin(FunctionType.Parameters.AsSpan());
        Locals.ReadDeclarations(ref reader, _context.Limits.MaxLocals);
        if (Locals.MaxTypeIndex >= _syntax.Types.Length)
        {
            ThrowInvalid($"unknown type {Locals.MaxTypeIndex} of a local");
        }

        Reset(new FuncType([], FunctionType.Results));
        return new InstructionReader(_syntax.Binary.Span, reader.Position, body.Offset + body.Length, _syntax.Features);
    }

    /// <summary>Starts with an expression outside all functions, which has no locals.</summary>
    public void BeginExpression(ValueType result, int offset)
    {
        _function = null;
        _offset = offset;
        FunctionType = _resultTypes.Of(result);
        Locals.Begin([]);
        Reset(FunctionType);
    }

    /// <summary>Checks one instruction and updates operands and frames.</summary>
    /// <exception cref="InvalidModuleException">The instruction breaks a rule.</exception>
    public void Step(in Instruction instruction)
    {
        _offset = instruction.Offset;
        if (_frameCount == 0)
        {
            throw new MalformedModuleException("section size mismatch: instructions after the end of the function", _offset);
        }

        ref readonly var effect = ref PackedEffect.Of(instruction.Op);
        switch (effect.Shape)
        {
            case EffectShape.Contextual: CheckContextual(in instruction); break;
            case EffectShape.Simple: ApplySimple(in effect); break;
            default: ApplyGeneral(in instruction, in effect); break;
        }
    }

    /// <summary>Checks that a function whose reader is at the end of its body has come to its last <c>end</c>.</summary>
    /// <exception cref="MalformedModuleException">A block is still open.</exception>
    public void Complete(in InstructionReader reader)
    {
        if (!IsFinished)
        {
            throw new MalformedModuleException("unexpected end of section or function: END opcode expected (section size mismatch)", reader.Position);
        }
    }

    /// <summary>Checks a whole function that is not imported.</summary>
    /// <exception cref="MalformedModuleException">The body can't be read.</exception>
    /// <exception cref="InvalidModuleException">The body breaks a rule.</exception>
    public FunctionFacts Validate(FuncIndex function)
    {
        var reader = Begin(function);
        Instruction instruction = default;
        while (reader.Read(ref instruction))
        {
            Step(in instruction);
        }

        Complete(in reader);
        return Facts;
    }

    private void CheckContextual(in Instruction instruction)
    {
        switch (instruction.Op)
        {
            case Op.LocalGet: CheckLocalGet(instruction.Index); break;
            case Op.LocalSet: CheckLocalSet(instruction.Index); break;
            case Op.LocalTee: CheckLocalTee(instruction.Index); break;
            case Op.GlobalGet: CheckGlobalGet(instruction.Index); break;
            case Op.GlobalSet: CheckGlobalSet(instruction.Index); break;
            case Op.Block: CheckBlock(in instruction); break;
            case Op.Loop: CheckLoop(in instruction); break;
            case Op.If: CheckIf(in instruction); break;
            case Op.Else: CheckElse(); break;
            case Op.End: CheckEnd(); break;
            case Op.Br: CheckBr(instruction.Index); break;
            case Op.BrIf: CheckBrIf(instruction.Index); break;
            case Op.BrTable: CheckBrTable(in instruction); break;
            case Op.Return: CheckReturn(); break;
            case Op.Unreachable: SetUnreachable(); break;
            case Op.Call: CheckCall(instruction.Index); break;
            case Op.CallIndirect: CheckCallIndirect(in instruction); break;
            case Op.Drop: PopAny(); break;
            case Op.Select: CheckSelect(); break;
            case Op.SelectT: CheckSelectTyped(in instruction); break;
            default: CheckRare(in instruction); break;
        }
    }

    private void CheckRare(in Instruction instruction)
    {
        switch (instruction.Op)
        {
            case Op.CallRef: CheckCallRef(instruction.Index); break;
            case Op.ReturnCall: CheckReturnCall(instruction.Index); break;
            case Op.ReturnCallIndirect: CheckReturnCallIndirect(in instruction); break;
            case Op.ReturnCallRef: CheckReturnCallRef(instruction.Index); break;
            case Op.MemorySize: CheckMemorySize(instruction.Index); break;
            case Op.MemoryGrow: CheckMemoryGrow(instruction.Index); break;
            case Op.MemoryInit: CheckMemoryInit(in instruction); break;
            case Op.DataDrop: CheckDataDrop(instruction.Index); break;
            case Op.MemoryCopy: CheckMemoryCopy(in instruction); break;
            case Op.MemoryFill: CheckMemoryFill(instruction.Index); break;
            case Op.TableGet: CheckTableGet(instruction.Index); break;
            case Op.TableSet: CheckTableSet(instruction.Index); break;
            case Op.TableSize: CheckTableSize(instruction.Index); break;
            case Op.TableGrow: CheckTableGrow(instruction.Index); break;
            case Op.TableFill: CheckTableFill(instruction.Index); break;
            case Op.TableCopy: CheckTableCopy(in instruction); break;
            case Op.TableInit: CheckTableInit(in instruction); break;
            case Op.ElemDrop: CheckElementSegment(instruction.Index); break;
            case Op.RefNull: CheckRefNull(instruction.Type); break;
            case Op.RefIsNull: CheckRefIsNull(); break;
            case Op.RefFunc: CheckRefFunc(instruction.Index); break;
            case Op.RefAsNonNull: CheckRefAsNonNull(); break;
            case Op.BrOnNull: CheckBrOnNull(instruction.Index); break;
            case Op.BrOnNonNull: CheckBrOnNonNull(instruction.Index); break;
            case Op.TryTable: CheckTryTable(in instruction); break;
            case Op.Throw: CheckThrow(instruction.Index); break;
            case Op.ThrowRef: CheckThrowRef(); break;
            case Op.Try: CheckTry(in instruction); break;
            case Op.Catch: CheckCatch(instruction.Index); break;
            case Op.CatchAll: CheckCatchAll(); break;
            case Op.Delegate: CheckDelegate(instruction.Index); break;
            case Op.Rethrow: CheckRethrow(instruction.Index); break;
            default: CheckAggregate(in instruction); break;
        }
    }

    private void CheckAggregate(in Instruction instruction)
    {
        switch (instruction.Op)
        {
            case Op.RefTest or Op.RefTestNull: CheckRefTest(instruction.Type); break;
            case Op.RefCast or Op.RefCastNull: CheckRefCast(instruction.Type); break;
            case Op.BrOnCast: CheckBrOnCast(in instruction); break;
            case Op.BrOnCastFail: CheckBrOnCastFail(in instruction); break;
            case Op.AnyConvertExtern: CheckConversion(HeapKind.Extern, HeapKind.Any); break;
            case Op.ExternConvertAny: CheckConversion(HeapKind.Any, HeapKind.Extern); break;
            case Op.StructNew: CheckStructNew(instruction.Index); break;
            case Op.StructNewDefault: CheckStructNewDefault(instruction.Index); break;
            case Op.StructGet or Op.StructGetS or Op.StructGetU: CheckStructGet(in instruction); break;
            case Op.StructSet: CheckStructSet(in instruction); break;
            case Op.ArrayNew: CheckArrayNew(instruction.Index); break;
            case Op.ArrayNewDefault: CheckArrayNewDefault(instruction.Index); break;
            case Op.ArrayNewFixed: CheckArrayNewFixed(in instruction); break;
            case Op.ArrayNewData: CheckArrayNewData(in instruction); break;
            case Op.ArrayNewElem: CheckArrayNewElem(in instruction); break;
            case Op.ArrayGet or Op.ArrayGetS or Op.ArrayGetU: CheckArrayGet(in instruction); break;
            case Op.ArraySet: CheckArraySet(instruction.Index); break;
            case Op.ArrayFill: CheckArrayFill(instruction.Index); break;
            case Op.ArrayCopy: CheckArrayCopy(in instruction); break;
            case Op.ArrayInitData: CheckArrayInitData(in instruction); break;
            case Op.ArrayInitElem: CheckArrayInitElem(in instruction); break;
            default: throw new UnreachableException(instruction.Info.Text);
        }
    }
}
