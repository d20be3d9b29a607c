using System.Reflection.Metadata;
using HostService.Runtime.Compilation.IL;
using HostService.Runtime.Compilation.Image;
using HostService.Runtime.Syntax;
using HostService.Runtime.Types;
using HostService.Runtime.Validation;

namespace HostService.Runtime.Compilation.Functions;

/// <content>Compiles a function so that it begins at one of its loops, with the frame of an interpreter. See docs/adr/0059.</content>
/// <remarks>
/// <c>static R Continue(ulong* frame, object?[]? references, int first, InstanceState state)</c>: the locals are where the frame begins, then the operands by their height; references are
/// in the array, at the same places counted from <c>first</c>. Everything is loaded before the loop is entered and nothing of the frame is looked at after that. What comes before
/// the loop, and is in no loop around it, RyuJIT finds to be unreachable.
/// </remarks>
internal sealed partial class FunctionCompiler
{
    private const int NoContinuation = -1;
    private const int FrameArgument = 0;
    private const int ReferencesArgument = 1;
    private const int FirstReferenceArgument = 2;

    private static readonly ILType[] s_continuationArguments = [ILType.Native, ILType.Object, ILType.Int32];

    private readonly Func<int, int> _methodToken;
    private readonly List<WaitingOperand> _waiting = [];
    private ILType[] _arguments = [];
    private int _localArguments; // how many of WebAssembly's locals are arguments: the parameters, or none
    private int _continuedLoop = NoContinuation;
    private ILLabel _continuedAt = ILLabel.None;

    /// <summary>Makes a compiler for continuations, which are in images of their own.</summary>
    /// <param name="module">The module.</param>
    /// <param name="layout">Its layout, for the image.</param>
    /// <param name="options">How the module was compiled.</param>
    /// <param name="methodToken">How the image names the method of a defined function.</param>
    public FunctionCompiler(ValidatedModule module, ModuleLayout layout, CompileOptions options, Func<int, int> methodToken)
        : this(module, layout, options) => _methodToken = methodToken;

    private bool IsContinuation => _continuedLoop != NoContinuation;

    /// <summary>Compiles what is left of a function from the start of an iteration on.</summary>
    /// <param name="definedFunction">The function.</param>
    /// <param name="loop">The loop's offset in bytes from the start of the binary.</param>
    /// <param name="batch">Where it is added.</param>
    /// <returns>False when it can't be: the loop lies in a block with handlers, which IL does not let one branch into, or is never reached.</returns>
    /// <exception cref="ModuleLimitException">It is too large for a method.</exception>
    public bool CompileContinuation(int definedFunction, int loop, FunctionBatch batch)
    {
        _continuedLoop = loop;
        try
        {
            CompileBodies(definedFunction);
            if (!_continuedAt.Exists)
            {
                return false;
            }

            Finish(batch);
            return true;
        }
        catch (MethodTooLongException)
        {
            throw TooLong();
        }
    }

    private void BeginArguments()
    {
        _arguments = IsContinuation ? s_continuationArguments : _signature.Arguments;
        _localArguments = IsContinuation ? 0 : _signature.Parameters.Length;
        _continuedAt = ILLabel.None;
        _waiting.Clear();
    }

    // The operands below the loop and its parameters are constants or in slots here.
    private void NoteContinuedLoop(ILLabel start)
    {
        if (_offset != _continuedLoop || _regionCount > 0 || IsHandling())
        {
            return;
        }

        _continuedAt = start;
        for (var height = 0; height < _height; height++)
        {
            if (_operands[height] is { Place: OperandPlace.Slot } operand)
            {
                _waiting.Add(new WaitingOperand(operand.Kind, operand.Index, height));
            }
        }
    }

    // In the body of a legacy catch, which may rethrow what it has caught.
    private bool IsHandling()
    {
        for (var i = 0; i < _frameCount; i++)
        {
            if (IsHandling(_frames[i].Op))
            {
                return true;
            }
        }

        return false;
    }

    // local 0 = frame[0]; …; slot = frame[locals + height]; …; goto loop;
    private void LoadFrame()
    {
        for (var local = 0; local < _locals.Count; local++)
        {
            LoadFromFrame(KindOfLocal(local), local);
            StoreLocal(local);
        }

        foreach (var operand in _waiting)
        {
            LoadFromFrame(operand.Kind, _locals.Count + operand.Height);
            _il.Stloc(operand.Slot);
        }

        _il.Branch(ILOpCode.Br, _continuedAt);
    }

    private void LoadFromFrame(ValueKind kind, int place)
    {
        if (kind == ValueKind.Ref)
        {
            // ref references[first + place]
            _il.Ldarg(ReferencesArgument, ILType.Object);
            _il.Ldflda(Members.ArrayData);
            _il.Ldarg(FirstReferenceArgument, ILType.Int32);
            _il.Op(ILOpCode.Conv_i);
            _il.LdcNative(nint.Size);
            _il.Op(ILOpCode.Mul);
            _il.Op(ILOpCode.Add);
            AddElementOffset(place, nint.Size);
        }
        else
        {
            _il.Ldarg(FrameArgument, ILType.Native);
            AddElementOffset(place, sizeof(ulong));
        }

        LoadIndirect(kind);
    }

    /// <param name="Kind">Its shape.</param>
    /// <param name="Slot">Where the code expects it.</param>
    /// <param name="Height">How many operands lie below it.</param>
    private readonly record struct WaitingOperand(ValueKind Kind, int Slot, int Height);
}
