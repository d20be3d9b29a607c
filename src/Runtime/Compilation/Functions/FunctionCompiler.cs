using HostService.Runtime.Compilation.IL;
using HostService.Runtime.Compilation.Image;
using HostService.Runtime.Compilation.MemoryAccess;
using HostService.Runtime.Syntax;
using HostService.Runtime.Types;
using HostService.Runtime.Validation;

namespace HostService.Runtime.Compilation.Functions;

/// <summary>Compiles functions to IL, one after another. It knows WebAssembly and writes through an <see cref="ILWriter"/>.</summary>
/// <remarks>
/// Everything it needs to know of a function is in the instructions, their rows of the table and the module's types: the module is valid, so the shapes of
/// operands follow, and what can't be reached is not compiled. Reused for many functions; not thread-safe: each core has its own.
/// The mapping is described in docs/wasm-to-il.md.
/// </remarks>
internal sealed partial class FunctionCompiler
{
    private readonly ValidatedModule _module;
    private readonly ModuleLayout _layout;
    private readonly CompileOptions _options;
    private readonly ILWriter _il = new();
    private readonly LocalTypes _locals = new();
    private readonly IMemoryAccess[] _memoryAccess;
    private Signature _signature = Signature.OfResult(default);
    private int _function;
    private int _bodyOffset;
    private int _offset;
    private bool _dead;
    private int _deadBlocks;

    /// <summary>Makes a compiler for the functions of a module.</summary>
    public FunctionCompiler(ValidatedModule module, ModuleLayout layout, CompileOptions options, FunctionValidator? witness = null)
    {
        _module = module;
        _layout = layout;
        _options = options;
        _methodToken = ImageBuilder.MethodToken;
        _witness = witness;
        _memoryAccess = [.. layout.Module.Memories.Select(memory => MemoryAccessStrategy.For(memory, options))];
    }

    /// <summary>The argument that is the <see cref="Execution.InstanceState"/>.</summary>
    private int StateArgument => _arguments.Length;

    /// <summary>Compiles a function and adds what it becomes to a batch.</summary>
    /// <exception cref="ModuleLimitException">It uses an instruction that is not compiled, or is too large for a method.</exception>
    public void Compile(int definedFunction, FunctionBatch batch)
    {
        _continuedLoop = NoContinuation;
        try
        {
            CompileBodies(definedFunction);
            Finish(batch);
        }
        catch (MethodTooLongException)
        {
            throw TooLong();
        }
    }

    private void CompileBodies(int definedFunction)
    {
        _guardsTests = false;
        _twinned.Clear();
        if (!CompileBody(definedFunction))
        {
            _guardsTests = true;
            CompileBody(definedFunction);
        }

        if (ChooseTwins())
        {
            CompileBody(definedFunction);
        }
    }

    /// <returns>False when it must be compiled again, because of what was found on the way.</returns>
    private bool CompileBody(int definedFunction)
    {
        var module = _layout.Module;
        var body = module.Bodies[definedFunction];
        Begin(definedFunction);

        var declarations = new WasmReader(module.Binary.Span, body.Offset, body.Offset + body.Length);
        _locals.Begin(module.FuncTypeOf(new FuncIndex(module.ImportedFunctionCount + definedFunction)).Parameters.AsSpan());
        _locals.ReadDeclarations(ref declarations, int.MaxValue);
        _bodyOffset = declarations.Position;
        DeclareLocals();
        DeclareTwins();
        OpenFunction();
        _witness?.Begin(new FuncIndex(module.ImportedFunctionCount + definedFunction));

        var reader = new InstructionReader(module.Binary.Span, declarations.Position, body.Offset + body.Length, module.Features);
        var instruction = default(Instruction);
        while (reader.Read(ref instruction))
        {
            _offset = instruction.Offset;
            if (_dead)
            {
                Skip(instruction);
                _touched.Clear();
            }
            else
            {
                SeparateCallBefore(instruction.Op);
                NoteBranch(instruction.Op);
                ForgetTouchedAt(instruction.Op);
                GuardTests(instruction.Op);
                Emit(instruction);
                NoteRecent(instruction);
                ReleaseTemporaries();
                BoundStack();
            }

            if (MustStartAgain)
            {
                return false;
            }

            CheckOperands(instruction);
        }

        return true;
    }

    private void Begin(int definedFunction)
    {
        _function = definedFunction;
        _signature = _layout.SignatureOf(_layout.TypeOfDefined(definedFunction));
        BeginArguments();
        _il.Clear();
        ClearSlots();
        ClearPrologue();
        ClearMemories();
        ClearRegions();
        ClearRotations();
        ClearTwins();
        BeginCallSites(definedFunction);
        (_height, _floor, _frameCount) = (0, 0, 0);
        (_dead, _deadBlocks) = (false, 0);
        _isInverted = false;
        _sites.Clear();
        _touched.Clear();
    }

    private void Emit(in Instruction instruction)
    {
        switch (instruction.Op)
        {
            case Op.LocalGet: EmitLocalGet(instruction.Index); break;
            case Op.LocalSet: EmitLocalSet(instruction.Index); break;
            case Op.LocalTee: EmitLocalTee(instruction.Index); break;
            case Op.GlobalGet: EmitGlobalGet(instruction.Index); break;
            case Op.GlobalSet: EmitGlobalSet(instruction.Index); break;

            case Op.I32Const: Push(new Operand(ValueKind.I32, OperandPlace.Constant, Bits: instruction.Immediate)); break;
            case Op.I64Const: Push(new Operand(ValueKind.I64, OperandPlace.Constant, Bits: instruction.Immediate)); break;
            case Op.F32Const: Push(new Operand(ValueKind.F32, OperandPlace.Constant, Bits: instruction.Immediate)); break;
            case Op.F64Const: Push(new Operand(ValueKind.F64, OperandPlace.Constant, Bits: instruction.Immediate)); break;

            case Op.Drop: EmitDrop(); break;
            case Op.Select or Op.SelectT: EmitSelect(); break;

            case Op.Unreachable: EmitUnreachable(); break;
            case Op.Block: EmitBlock(instruction); break;
            case Op.Loop: EmitLoop(instruction); break;
            case Op.If: EmitIf(instruction); break;
            case Op.Else: EmitElse(); break;
            case Op.End: EmitEnd(); break;
            case Op.Br: EmitBranch(instruction.Index); break;
            case Op.BrIf: EmitBranchIf(instruction.Index); break;
            case Op.BrTable: EmitBranchTable(instruction); break;
            case Op.Return: EmitReturn(); break;
            case Op.TryTable: EmitTryTable(instruction); break;
            case Op.Throw: EmitThrowTag(instruction.Index); break;
            case Op.ThrowRef: EmitThrowRef(); break;
            case Op.Try: EmitTry(instruction); break;
            case Op.Catch or Op.CatchAll: EmitCatch(instruction); break;
            case Op.Delegate: EmitDelegate(instruction.Index); break;
            case Op.Rethrow: EmitRethrow(instruction.Index); break;
            case Op.BrOnNull: EmitBranchOnNull(instruction.Index); break;
            case Op.BrOnNonNull: EmitBranchOnNonNull(instruction.Index); break;

            case Op.Call: EmitCall(instruction.Index); break;
            case Op.CallIndirect: EmitCallIndirect(instruction.Index, instruction.Index2); break;
            case Op.CallRef: EmitCallRef(instruction.Index); break;
            case Op.ReturnCall: EmitReturnCall(instruction.Index); break;
            case Op.ReturnCallIndirect: EmitReturnCallIndirect(instruction.Index, instruction.Index2); break;
            case Op.ReturnCallRef: EmitReturnCallRef(instruction.Index); break;

            case Op.RefNull: Push(new Operand(ValueKind.Ref, OperandPlace.Constant)); break;
            case Op.RefIsNull: EmitRefIsNull(); break;
            case Op.RefFunc: EmitRefFunc(instruction.Index); break;
            case Op.RefAsNonNull: EmitRefAsNonNull(); break;

            case Op.TableGet: EmitTableGet(instruction.Index); break;
            case Op.TableSet: EmitTableSet(instruction.Index); break;
            case Op.TableSize: EmitTableSize(instruction.Index); break;
            case Op.TableGrow: EmitTableGrow(instruction.Index); break;
            case Op.TableFill: EmitTableFill(instruction.Index); break;
            case Op.TableCopy: EmitTableCopy(instruction.Index, instruction.Index2); break;
            case Op.TableInit: EmitTableInit(instruction.Index, instruction.Index2); break;
            case Op.ElemDrop: EmitDropSegment(Members.Intrinsic(Op.ElemDrop), instruction.Index); break;

            case Op.MemorySize: EmitMemorySize(instruction.Index); break;
            case Op.MemoryGrow: EmitMemoryGrow(instruction.Index); break;
            case Op.MemoryFill: EmitMemoryFill(instruction.Index); break;
            case Op.MemoryCopy: EmitMemoryCopy(instruction.Index, instruction.Index2); break;
            case Op.MemoryInit: EmitMemoryInit(instruction.Index, instruction.Index2); break;
            case Op.DataDrop: EmitDropSegment(Members.Intrinsic(Op.DataDrop), instruction.Index); break;

            case Op.I32Shl or Op.I32ShrS or Op.I32ShrU or Op.I64Shl or Op.I64ShrS or Op.I64ShrU: EmitShift(instruction.Op); break;
            case Op.I32Add when TryEmitAddToTwin(): break;
            case Op.I32Rotl or Op.I32Rotr or Op.I64Rotl or Op.I64Rotr:
                NoteRotation();
                EmitRegular(instruction);
                break;
            case Op.I32DivS or Op.I32DivU or Op.I32RemS or Op.I32RemU or Op.I64DivS or Op.I64DivU or Op.I64RemS or Op.I64RemU:
                EmitDivision(instruction.Op);
                break;

            case Op.I32WrapI64: EmitWrap(instruction); break;
            case Op.I64ExtendI32U: EmitExtend(instruction); break;
            case Op.I64Add when TryAddToExtended(): break;
            case Op.I32Eqz when TryInvertBranch(instruction): break;
            case Op.AtomicFence: EmitFence(); break;

            case Op.I64Add128: EmitAdd128(); break;
            case Op.I64Sub128: EmitSub128(); break;
            case Op.I64MulWideS or Op.I64MulWideU: EmitMulWide(instruction.Op); break;

            case Op.StructNew: EmitStructNew(instruction.Index); break;
            case Op.StructNewDefault: EmitStructNewDefault(instruction.Index); break;
            case Op.StructGet or Op.StructGetS or Op.StructGetU: EmitStructGet(instruction); break;
            case Op.StructSet: EmitStructSet(instruction); break;
            case Op.ArrayNew: EmitArrayNew(instruction.Index); break;
            case Op.ArrayNewDefault: EmitArrayNewDefault(instruction.Index); break;
            case Op.ArrayNewFixed: EmitArrayNewFixed(instruction.Index, instruction.Index2); break;
            case Op.ArrayNewData or Op.ArrayNewElem: EmitArrayNewSegment(instruction); break;
            case Op.ArrayGet or Op.ArrayGetS or Op.ArrayGetU: EmitArrayGet(instruction); break;
            case Op.ArraySet: EmitArraySet(instruction.Index); break;
            case Op.ArrayLen: EmitArrayLength(); break;
            case Op.ArrayFill: EmitArrayFill(instruction.Index); break;
            case Op.ArrayCopy: EmitArrayCopy(instruction.Index); break;
            case Op.ArrayInitData or Op.ArrayInitElem: EmitArrayInit(instruction); break;

            case Op.RefEq: EmitIntrinsic(Op.RefEq, 2, ValueKind.I32); break;
            case Op.RefI31: EmitIntrinsic(Op.RefI31, 1, ValueKind.Ref); break;
            case Op.I31GetS or Op.I31GetU: EmitI31Get(instruction.Op); break;
            case Op.RefTest or Op.RefTestNull: EmitTest(instruction.Type); break;
            case Op.RefCast or Op.RefCastNull: EmitCast(instruction.Type); break;
            case Op.BrOnCast: EmitBranchOnCast(instruction, whenIs: true); break;
            case Op.BrOnCastFail: EmitBranchOnCast(instruction, whenIs: false); break;
            case Op.AnyConvertExtern: EmitInternalize(); break;
            case Op.ExternConvertAny: EmitIntrinsic(Op.ExternConvertAny, 1, ValueKind.Ref); break;

            case Op.V128Const: EmitVectorConstant(instruction); break;
            case Op.I8X16Shuffle: EmitShuffle(instruction); break;

            default: EmitRegular(instruction); break;
        }
    }

    /// <summary>Passes over what can't be reached, up to where control comes back.</summary>
    private void Skip(in Instruction instruction)
    {
        switch (instruction.Op)
        {
            case Op.Block or Op.Loop or Op.If or Op.TryTable or Op.Try: _deadBlocks++; break;
            case Op.Else when _deadBlocks == 0: EmitElse(); break;
            case Op.Catch or Op.CatchAll when _deadBlocks == 0: EmitCatch(instruction); break;
            case Op.Delegate when _deadBlocks == 0: EmitDelegate(instruction.Index); break;
            case Op.End or Op.Delegate when _deadBlocks > 0: _deadBlocks--; break;
            case Op.End: EmitEnd(); break;
        }
    }

    /// <summary>What follows the instruction just emitted is not reached by falling through.</summary>
    private void BecomeDead()
    {
        Discard(_frames[_frameCount - 1].Height);
        (_dead, _deadBlocks) = (true, 0);
    }

    private ModuleLimitException NotCompiled(in Instruction instruction) => new(
        $"func[{_layout.Module.ImportedFunctionCount + _function}] +0x{instruction.Offset:x}: {instruction.Info.Text} ({instruction.Info.Group}) is not compiled by this engine");
}
