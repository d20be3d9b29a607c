using System.Runtime.InteropServices;
using HostService.Runtime.Execution;
using HostService.Runtime.Execution.Globals;
using HostService.Runtime.Syntax;
using HostService.Runtime.Types;

namespace HostService.Runtime.Interpretation;

/// <summary>The functions of a module as far as they were translated. Shared by its instances; thread-safe.</summary>
/// <remarks>Steps are kept until this object is collected, so that a frame can always go on in them.</remarks>
internal sealed unsafe class InterpretedModule
{
    /// <summary>How much memory steps of one module may take: a byte of code can become a step of sixteen. All of esbuild, 20 MB, takes 48 MB, and a call of it a quarter of that.</summary>
    public const long DefaultMaxStepBytes = 64 << 20;

    private readonly ModuleSyntax _syntax;
    private readonly int[] _typeIds;
    private readonly byte[] _ran;
    private readonly Lock _lock = new();
    private readonly StepMemory _steps = new();           // guarded by _lock
    private readonly FunctionTranslator _translator;      // guarded by _lock
    private readonly int _count;

    /// <summary>Makes room for a module's functions and translates none.</summary>
    /// <param name="syntax">The module.</param>
    /// <param name="globals">Where instances keep its globals.</param>
    /// <param name="typeIds">The canonical id of each of its types.</param>
    /// <param name="ran">A byte for each function that is set once it ran; empty where that isn't noted.</param>
    public InterpretedModule(ModuleSyntax syntax, GlobalLayout globals, int[] typeIds, byte[] ran)
    {
        (_syntax, _typeIds, _ran) = (syntax, typeIds, ran);
        _count = syntax.Bodies.Length;
        _translator = new FunctionTranslator(syntax, globals);
        Functions = (InterpretedFunction*)NativeMemory.AllocZeroed((nuint)Math.Max(_count, 1), (nuint)sizeof(InterpretedFunction));
    }

    ~InterpretedModule()
    {
        NativeMemory.Free(Functions);
        Gone?.Invoke();
    }

    /// <summary>What is to be done when nothing refers to it any more: on the finalizer's thread, so it must be quick and not throw.</summary>
    public Action? Gone { get; set; }

    /// <summary>The functions that are not imported.</summary>
    public InterpretedFunction* Functions { get; }

    /// <summary>What is asked when something is hot; null to interpret forever.</summary>
    public TierUp? TierUp { get; set; }

    /// <summary>How many bytes of steps are kept. Functions that come later run compiled.</summary>
    public long MaxStepBytes { get; set; } = DefaultMaxStepBytes;

    /// <summary>How much native memory this object has.</summary>
    public long NativeBytes => _steps.Bytes + ((long)_count * sizeof(InterpretedFunction));

    /// <summary>Who waits for its first calls; null for nobody.</summary>
    public FirstCalls? FirstCalls { get; init; }

    /// <summary>After how many calls of a function <see cref="TierUp"/> is asked.</summary>
    public int CallThreshold { get; set; } = int.MaxValue;

    /// <summary>After how many turns of a loop <see cref="TierUp"/> is asked.</summary>
    public int LoopThreshold { get; set; } = int.MaxValue;

    /// <summary>The number of a function, not counting imported ones.</summary>
    public int IndexOf(InterpretedFunction* function) => (int)(function - Functions);

    /// <summary>A function by its index, imported ones counted; it must not be one of those.</summary>
    public InterpretedFunction* FunctionAt(int functionIndex) => Functions + (functionIndex - _syntax.ImportedFunctionCount);

    /// <summary>A function that is to be interpreted, translated if it was not; null when its compiled code is to be called.</summary>
    /// <param name="functionIndex">Its index, imported ones counted.</param>
    public InterpretedFunction* Find(int functionIndex)
    {
        var function = FunctionAt(functionIndex);
        return function->Code != null || Translate(function) != null ? function : null;
    }

    /// <summary>The function's type.</summary>
    public FuncType TypeOf(InterpretedFunction* function) => _syntax.FuncTypeOf(new FuncIndex(IndexOf(function) + _syntax.ImportedFunctionCount));

    /// <summary>The canonical id of a function's type.</summary>
    public int SignatureOf(int function) => _typeIds[_syntax.FunctionTypes[function + _syntax.ImportedFunctionCount]];

    /// <summary>Where a function's body begins in the binary.</summary>
    public int OffsetOf(InterpretedFunction* function) => _syntax.Bodies[IndexOf(function)].Offset;

    /// <summary>Whether a function was called by interpreted code, or from outside.</summary>
    /// <param name="function">The function, counted without the imported ones.</param>
    public bool HasRun(int function) => Volatile.Read(ref *(int*)&Functions[function].Mode) != (int)FunctionMode.Untranslated;

    /// <summary>Whether a function is interpreted and was called at least so often. Approximate while it is being called.</summary>
    /// <param name="function">The function, counted without the imported ones.</param>
    /// <param name="times">How often; no more than <see cref="CallThreshold"/>.</param>
    public bool WasCalled(int function, int times)
    {
        var asked = Functions + function;
        return asked->Mode == FunctionMode.Interpreted && (asked->IsHot || Volatile.Read(ref asked->Calls) + CallThreshold >= times);
    }

    /// <summary>Has the compiled code of a function called from now on. Frames that are in its steps go on in them.</summary>
    public void UseCompiled(int function)
    {
        lock (_lock)
        {
            Functions[function].Mode = FunctionMode.Compiled;
            Volatile.Write(ref *(nint*)&Functions[function].Code, 0);
        }
    }

    /// <summary>The steps of a function, which are made now if they were not.</summary>
    /// <returns>Null when its compiled code is to be called.</returns>
    public Step* Translate(InterpretedFunction* function)
    {
        lock (_lock)
        {
            if (function->Mode != FunctionMode.Untranslated)
            {
                return function->Code;
            }

            var index = IndexOf(function);
            if (_steps.Bytes >= MaxStepBytes || _translator.Translate(index, -LoopThreshold) is not { IsEmpty: false } steps || _steps.Bytes + ((long)steps.Length * sizeof(Step)) > MaxStepBytes)
            {
                _translator.Trim();
                function->Mode = FunctionMode.Compiled;
                return null;
            }

            if (_ran.Length > 0)
            {
                _ran[index] = 1;
            }

            (function->Parameters, function->Locals, function->FrameSlots) = (_translator.Parameters, _translator.Locals, _translator.FrameSlots);
            function->Calls = -CallThreshold;
            function->Mode = FunctionMode.Interpreted;
            FirstCalls?.RunsAnother();
            var code = _steps.Keep(steps);
            _translator.Trim();
            Volatile.Write(ref *(nint*)&function->Code, (nint)code);
            return code;
        }
    }
}
