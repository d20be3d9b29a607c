using System.Reflection;
using System.Runtime.CompilerServices;
using HostService.Runtime.Execution;
using HostService.Runtime.Execution.Globals;
using HostService.Runtime.Syntax;

namespace HostService.Runtime.Interpretation;

/// <summary>Turns a validated function into steps. One translator serves any number of functions, one after another.</summary>
/// <remarks>
/// One pass. Locals and operands have a slot each, and operands wait as long as they can: a constant or a local that was read becomes a step only when nothing can take it as it is. Where ways meet, operands are in the slots
/// of their heights. See docs/adr/0058.
/// </remarks>
internal sealed partial class FunctionTranslator(ModuleSyntax syntax, GlobalLayout globals)
{
    private const int MaxSlots = ushort.MaxValue;
    private const int MaxKeptSteps = 256 * 1024;

    // What is done for each instruction starts optimised: at tier 0 a first call would take several times as long to translate.
    private const MethodImplOptions Hot = MethodImplOptions.AggressiveOptimization;

    private readonly TypeShape[] _types = TypeShape.Of(syntax);
    private readonly bool _isPlainMemory = syntax.Memories is [{ Is64: false }, ..];
    private Step[] _steps = new Step[1024];
    private int _count;
    private int _loopCounter;
    private int _offset;
    private bool _isUnsupported;

    // How many blocks were opened since code became unreachable; −1 while it is reachable.
    private int _skipped;

    /// <summary>How many parameters the last function has.</summary>
    public int Parameters { get; private set; }

    /// <summary>How many locals it has, parameters among them.</summary>
    public int Locals { get; private set; }

    /// <summary>How many slots its frame has.</summary>
    public int FrameSlots { get; private set; }

    /// <summary>Has the CLR compile what is used for each instruction.</summary>
    public static void Warm()
    {
        foreach (var method in typeof(FunctionTranslator).GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
        {
            if ((method.MethodImplementationFlags & MethodImplAttributes.AggressiveOptimization) != 0)
            {
                RuntimeHelpers.PrepareMethod(method.MethodHandle);
            }
        }
    }

    /// <summary>Gives room back that a very long function took.</summary>
    public void Trim()
    {
        if (_steps.Length > MaxKeptSteps)
        {
            _steps = new Step[1024];
        }
    }

    /// <summary>Translates a function.</summary>
    /// <param name="function">The function, counted without the imported ones.</param>
    /// <param name="loopCounter">Where the counters of its loops begin.</param>
    /// <returns>Its steps, valid until the next call; empty when it uses something that is left to compiled code.</returns>
    [MethodImpl(Hot)]
    public ReadOnlySpan<Step> Translate(int function, int loopCounter)
    {
        var shape = _types[syntax.FunctionTypes[function + syntax.ImportedFunctionCount]];
        var body = syntax.Bodies[function];
        var binary = syntax.Binary.Span;
        var declarations = new WasmReader(binary, body.Offset, body.Offset + body.Length);
        if (!shape.IsNumeric || !ReadLocals(ref declarations, shape.Parameters))
        {
            return [];
        }

        (_count, _loopCounter, _isUnsupported, _skipped) = (0, loopCounter, false, -1);
        BeginOperands();
        BeginControl(shape.Results);
        var reader = new InstructionReader(binary, declarations.Position, body.Offset + body.Length, syntax.Features);
        Instruction instruction = default;
        while (reader.Read(ref instruction))
        {
            _offset = instruction.Offset;
            if (_skipped >= 0)
            {
                Skip(in instruction);
            }
            else
            {
                Translate(in instruction);
            }

            if (_isUnsupported)
            {
                return [];
            }
        }

        FrameSlots = Math.Max(Locals + _maxHeight, Math.Max(shape.Results, 1));
        return _steps.AsSpan(0, _count);
    }

    private bool ReadLocals(ref WasmReader reader, int parameters)
    {
        (Parameters, Locals) = (parameters, parameters);
        var runs = reader.ReadCount(itemBytes: 2);
        for (var i = 0; i < runs; i++)
        {
            var count = reader.ReadU32();
            if (!TypeShape.IsNumber(reader.ReadValueType()) || count > MaxSlots || Locals + count > MaxSlots)
            {
                return false;
            }

            Locals += (int)count;
        }

        return true;
    }

    [MethodImpl(Hot)]
    private void Translate(in Instruction instruction)
    {
        switch (instruction.Op)
        {
            case Op.LocalGet: PushLocal(instruction.Index); break;
            case Op.LocalSet: SetLocal(instruction.Index); break;
            case Op.LocalTee: SetLocal(instruction.Index); PushLocal(instruction.Index); break;
            case Op.I32Const or Op.I64Const or Op.F32Const or Op.F64Const: PushConstant(instruction.Immediate); break;
            case Op.Drop: Pop(); break;
            case Op.Nop: break;
            case >= Op.I32Load and <= Op.I64Load32U: Load(in instruction); break;
            case >= Op.I32Store and <= Op.I64Store32: Store(in instruction); break;
            case >= Op.I32Eqz and <= Op.I64Extend32S or >= Op.I32TruncSatF32S and <= Op.I64TruncSatF64U: Number(instruction.Op); break;
            case Op.GlobalGet: GetGlobal(instruction.Index); break;
            case Op.GlobalSet: SetGlobal(instruction.Index); break;
            case Op.Select: Select(); break;
            case Op.Block or Op.Loop or Op.If: Open(in instruction); break;
            case Op.Else: Else(); break;
            case Op.End: End(); break;
            case Op.Br: Jump(instruction.Index); BeginSkipping(); break;
            case Op.BrIf: JumpIf(instruction.Index); break;
            case Op.BrTable: JumpTable(in instruction); BeginSkipping(); break;
            case Op.Return: Return(); BeginSkipping(); break;
            case Op.Unreachable: Emit(Operation.Unreachable, 0, 0, 0, At(0)); BeginSkipping(); break;
            case Op.Call: Call(instruction.Index); break;
            case Op.CallIndirect: CallIndirect(in instruction); break;
            case Op.MemorySize: Rare(instruction.Op, 0, 1, instruction.Index); break;
            case Op.MemoryGrow: Rare(instruction.Op, 1, 1, instruction.Index); break;
            case Op.MemoryFill: Rare(instruction.Op, 3, 0, instruction.Index); break;
            case Op.MemoryCopy or Op.MemoryInit or Op.TableCopy or Op.TableInit: Rare(instruction.Op, 3, 0, instruction.Index, instruction.Index2); break;
            case Op.DataDrop or Op.ElemDrop: Rare(instruction.Op, 0, 0, instruction.Index); break;
            case Op.TableSize: Rare(instruction.Op, 0, 1, instruction.Index); break;
            default: _isUnsupported = true; break;
        }
    }

    /// <summary>Adds a step.</summary>
    [MethodImpl(Hot)]
    private void Emit(Operation operation, int a, int b, int c, ulong immediate)
    {
        if (_count == _steps.Length)
        {
            Array.Resize(ref _steps, _count * 2);
        }

        ref var step = ref _steps[_count++];
        step.Operation = operation;
        step.A = (ushort)a;
        step.B = (ushort)b;
        step.C = (ushort)c;
        step.Immediate = immediate;
    }

    // An immediate: something in the lower half, and above it where the instruction is.
    private ulong At(int low) => (uint)low | ((ulong)(uint)_offset << 32);
}
