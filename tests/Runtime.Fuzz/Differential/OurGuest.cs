using System.Collections.Immutable;
using HostService.Runtime.Errors;
using HostService.Runtime.Fuzz.Generation;
using HostService.Runtime.Tiering;
using HostService.Runtime.Types;

namespace HostService.Runtime.Fuzz.Differential;

/// <summary>A generated module in this repository's engine.</summary>
internal sealed class OurGuest : IDisposable
{
    private const WasmFeatures Features = ModuleGen.Features | LegacyModuleGen.Features;

    private static readonly ImmutableArray<Linker> s_linkers =
    [
        Link(new EngineOptions { Features = Features }),
        Link(new EngineOptions { Features = Features, BoundsChecks = BoundsChecks.Explicit }),
        Link(new EngineOptions { Features = Features, Compilation = CompilationStrategy.Baseline }),
        Link(new EngineOptions { Features = Features, Compilation = CompilationStrategy.Baseline, BoundsChecks = BoundsChecks.Explicit }),
        Link(new EngineOptions { Features = Features, Compilation = CompilationStrategy.Interpreted }),
        Link(new EngineOptions { Features = Features, Compilation = CompilationStrategy.Interpreted, HandsOverAfter = 2 }),
        Link(new EngineOptions { Features = Features, Compilation = CompilationStrategy.Interpreted, HandsOverAfter = 3, BoundsChecks = BoundsChecks.Explicit }),
    ];

    private static long s_continuations;

    private readonly Module _module;
    private readonly Module? _second;
    private readonly Store _store;
    private readonly Linker _linker;
    private Instance? _instance;
    private Instance? _secondInstance;
    private readonly bool _keepsNans;
    private int _depth;

    /// <summary>Compiles a module.</summary>
    /// <param name="binary">The module.</param>
    /// <param name="way">In which of the <see cref="Ways"/>.</param>
    /// <param name="keepsNans">Whether the host tells NaNs apart.</param>
    public OurGuest(byte[] binary, int way, bool keepsNans = true)
    {
        _keepsNans = keepsNans;
        _linker = s_linkers[way];
        _module = Module.Compile(_linker.Engine, binary);
        _second = ModulePair.Read(binary).Second is { } second ? Module.Compile(_linker.Engine, second) : null;
        Exports = [.. _module.Exports.Select(export => new GuestExport(export.Name, export.Type)), .. (_second?.Exports ?? []).Select(export => new GuestExport(GuestExport.Second + export.Name, export.Type))];
        _store = new Store(_linker.Engine, new StoreLimits { MaxStackBytes = 2 << 20 }) { Data = this };
    }

    /// <summary>How many ways there are to run a module: optimised code and baseline code, each with guard pages and with explicit checks of bounds; the interpreter; and
    /// the interpreter handing functions over at their second call and loops at their second turn, or both at their third with explicit checks.</summary>
    public static int Ways => s_linkers.Length;

    /// <summary>How many loops were handed over to compiled code in the middle of a call so far.</summary>
    public static long Continuations => s_continuations;

    /// <summary>What <c>host.observe</c> was called with so far.</summary>
    public List<Number> Observed { get; } = [];

    /// <summary>The exports by which the comparison knows what there is to compare.</summary>
    public ImmutableArray<GuestExport> Exports { get; }

    private Instance First => _instance ?? throw new InvalidOperationException("It has not been started.");

    /// <summary>Instantiates, which may trap.</summary>
    public Outcome Start() => Try(() =>
    {
        _instance = _linker.Instantiate(_store, _module);
        _secondInstance = _second is null ? null : Link(_linker.Engine).DefineInstance(LinkShape.First, _instance).Instantiate(_store, _second);
        return [];
    });

    public Outcome Call(string function, ReadOnlySpan<Number> arguments)
    {
        var values = new Value[arguments.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = arguments[i].Type switch
            {
                ValType.I32 => Value.FromI32((int)arguments[i].Bits),
                ValType.I64 => Value.FromI64((long)arguments[i].Bits),
                ValType.F32 => Value.FromF32(BitConverter.UInt32BitsToSingle((uint)arguments[i].Bits)),
                _ => Value.FromF64(BitConverter.UInt64BitsToDouble(arguments[i].Bits)),
            };
        }

        return Try(() => InstanceOf(ref function).GetFunction(function)!.Call(values));
    }

    public void SetFuel(int fuel) => First.GetGlobal("fuel")!.Value = fuel;

    public Number Global(string name) => Convert(InstanceOf(ref name).GetGlobal(name)!.Value);

    /// <summary>All bytes of a memory. Valid until the guest runs again.</summary>
    public ReadOnlySpan<byte> Memory(string name) => InstanceOf(ref name).GetMemory(name)!.Span;

    public void Dispose()
    {
        foreach (var module in new[] { _module, _second })
        {
            Interlocked.Add(ref s_continuations, (module?.Interpreter?.TierUp as Handover)?.ContinuationCount ?? 0);
        }

        _store.Dispose();
        _module.Dispose();
        _second?.Dispose();
    }

    // Leaves the name that the instance knows.
    private Instance InstanceOf(ref string name)
    {
        if (!name.StartsWith(GuestExport.Second, StringComparison.Ordinal))
        {
            return First;
        }

        name = name[GuestExport.Second.Length..];
        return _secondInstance!;
    }

    private static Linker Link(EngineOptions options) => Link(new Engine(options));

    private static Linker Link(Engine engine) => new Linker(engine)
        .DefineFunction("host", "observe", (Caller caller, int a, long b, float c, double d) => Observe((OurGuest)caller.Store.Data!, a, b, c, d))
        .DefineFunction("host", "again", (Caller caller, int n) => Again(caller, n));

    private static long Observe(OurGuest guest, int a, long b, float c, double d) =>
        HostObserve.Call(guest.Observed, a, b, float.IsNaN(c) && !guest._keepsNans ? HostObserve.Nan32 : c, double.IsNaN(d) && !guest._keepsNans ? HostObserve.Nan64 : d);

    private static long Again(Caller caller, int n)
    {
        var guest = (OurGuest)caller.Store.Data!;
        if (guest._depth == HostObserve.MaxDepth)
        {
            return HostObserve.TooDeep;
        }

        guest._depth++;
        try
        {
            return caller.GetFunction("again")!.Call(n)[0].I64;
        }
        catch (GuestException)
        {
            return HostObserve.Thrown;
        }
        finally
        {
            guest._depth--;
        }
    }

    private static Outcome Try(Func<Value[]> call)
    {
        try
        {
            return new Outcome(null, [.. call().Select(Convert)]);
        }
        catch (TrapException trap)
        {
            return new Outcome(KindOf(trap.Code), [], trap.ToString()) { Frames = [.. trap.Frames.Select(frame => new Place(frame.Offset, frame.IsApproximate, frame.Module == LinkShape.Second))] };
        }
        catch (GuestException uncaught)
        {
            return new Outcome(TrapKind.UncaughtException, [], uncaught.ToString());
        }
    }

    private static Number Convert(Value value) => value.Kind switch
    {
        ValueKind.I32 => new Number(ValType.I32, (uint)value.I32),
        ValueKind.I64 => new Number(ValType.I64, (ulong)value.I64),
        ValueKind.F32 => new Number(ValType.F32, BitConverter.SingleToUInt32Bits(value.F32)),
        _ => new Number(ValType.F64, BitConverter.DoubleToUInt64Bits(value.F64)),
    };

    private static TrapKind KindOf(TrapCode code) => code switch
    {
        TrapCode.Unreachable => TrapKind.Unreachable,
        TrapCode.IntegerDivideByZero => TrapKind.DivideByZero,
        TrapCode.IntegerOverflow => TrapKind.IntegerOverflow,
        TrapCode.InvalidConversionToInteger => TrapKind.BadConversion,
        TrapCode.OutOfBoundsMemoryAccess => TrapKind.OutOfBoundsMemory,
        TrapCode.OutOfBoundsTableAccess or TrapCode.UndefinedElement => TrapKind.OutOfBoundsTable,
        TrapCode.UninitializedElement => TrapKind.NullElement,
        TrapCode.IndirectCallTypeMismatch => TrapKind.WrongSignature,
        TrapCode.NullFunctionReference or TrapCode.NullReference or TrapCode.NullExceptionReference
            or TrapCode.NullStructReference or TrapCode.NullArrayReference or TrapCode.NullI31Reference => TrapKind.NullReference,
        TrapCode.CallStackExhausted => TrapKind.StackExhausted,
        TrapCode.CastFailure => TrapKind.CastFailure,
        TrapCode.OutOfBoundsArrayAccess => TrapKind.OutOfBoundsArray,
        TrapCode.AllocationTooLarge => TrapKind.AllocationTooLarge,
        TrapCode.UnalignedAtomic => TrapKind.UnalignedAtomic,
        TrapCode.ExpectedSharedMemory => TrapKind.MemoryNotShared,
        _ => TrapKind.Other,
    };
}
