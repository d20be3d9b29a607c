using HostService.Runtime.Fuzz.Generation;
using Peer = Wasmtime;

namespace HostService.Runtime.Fuzz.Differential;

/// <summary>The same module in Wasmtime, which is taken to be right.</summary>
internal sealed class WasmtimeGuest : IDisposable
{
    private static readonly Peer.Engine s_engine = new(new Peer.Config()
        .WithMultiMemory(true).WithMemory64(true).WithTailCalls(true).WithFunctionReferences(true).WithGc(true).WithExceptions(true)
        .WithRelaxedSIMD(true, false).WithWasmThreads(true).WithWideArithmetic(true).WithCustomPageSizes(true).WithSharedMemories(true)
        .WithOptimizationLevel(Peer.OptimizationLevel.None).WithMaximumStackSize(2 << 20));

    private readonly Peer.Module _module;
    private readonly Peer.Store _store;
    private readonly Peer.Module? _second;
    private Peer.Instance? _instance;
    private Peer.Instance? _secondInstance;

    // Why the innermost call trapped, when the host's function called the guest again: all that comes out of it is a message.
    private TrapKind? _crossed;
    private int _depth;

    public WasmtimeGuest(byte[] binary)
    {
        _module = Peer.Module.FromBytes(s_engine, "guest", binary);
        _second = ModulePair.Read(binary).Second is { } second ? Peer.Module.FromBytes(s_engine, "guest", second) : null;
        _store = new Peer.Store(s_engine);
    }

    private Peer.Instance First => _instance ?? throw new InvalidOperationException("It has not been started.");

    /// <summary>Instantiates, which may trap.</summary>
    public Outcome Start() => Try(() =>
    {
        using var linker = new Peer.Linker(s_engine);
        linker.DefineFunction("host", "observe", (int a, long b, float c, double d) => HostObserve.Call(Observed, a, b, c, d));
        linker.DefineFunction("host", "again", (Peer.Caller caller, int n) => Again(caller, n));
        _instance = linker.Instantiate(_store, _module);
        if (_second is not null)
        {
            linker.DefineInstance(_store, LinkShape.First, _instance);
            _secondInstance = linker.Instantiate(_store, _second);
        }

        return null;
    });

    /// <summary>What <c>host.observe</c> was called with so far.</summary>
    public List<Number> Observed { get; } = [];

    public Outcome Call(string function, ReadOnlySpan<Number> arguments)
    {
        var values = new Peer.ValueBox[arguments.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = arguments[i].Type switch
            {
                ValType.I32 => (Peer.ValueBox)(int)arguments[i].Bits,
                ValType.I64 => (Peer.ValueBox)(long)arguments[i].Bits,
                ValType.F32 => (Peer.ValueBox)BitConverter.UInt32BitsToSingle((uint)arguments[i].Bits),
                _ => (Peer.ValueBox)BitConverter.UInt64BitsToDouble(arguments[i].Bits),
            };
        }

        return Try(() => InstanceOf(ref function).GetFunction(function)!.Invoke(values));
    }

    public void SetFuel(int fuel) => First.GetGlobal("fuel")!.SetValue(fuel);

    public Number Global(string name) => Convert(InstanceOf(ref name).GetGlobal(name)!.GetValue()!);

    /// <summary>All bytes of a memory. Valid until the guest runs again.</summary>
    public ReadOnlySpan<byte> Memory(string name)
    {
        var memory = InstanceOf(ref name).GetMemory(name)!;
        return memory.GetSpan(0, (int)memory.GetLength());
    }

    public void Dispose()
    {
        _store.Dispose();
        _module.Dispose();
        _second?.Dispose();
    }

    // Leaves the name that the instance knows.
    private Peer.Instance InstanceOf(ref string name)
    {
        if (!name.StartsWith(GuestExport.Second, StringComparison.Ordinal))
        {
            return First;
        }

        name = name[GuestExport.Second.Length..];
        return _secondInstance!;
    }

    private Outcome Try(Func<object?> call)
    {
        _crossed = null;
        try
        {
            return new Outcome(null, call() switch
            {
                null => [],
                object[] several => [.. several.Select(Convert)],
                var one => [Convert(one)],
            });
        }
        catch (Peer.TrapException trap) when (KindOf(trap) != TrapKind.UncaughtException)
        {
            return new Outcome(KindOf(trap.Type), [], trap.Message) { Frames = [.. trap.Frames!.Select(frame => new Place((long)frame.ModuleOffset, false, frame.ModuleName == LinkShape.Second))] };
        }
        catch (Peer.WasmtimeException exception)
        {
            return new Outcome(_crossed ?? KindOf(exception), [], exception.ToString());
        }
    }

    private long Again(Peer.Caller caller, int n)
    {
        if (_depth == HostObserve.MaxDepth)
        {
            return HostObserve.TooDeep;
        }

        _depth++;
        try
        {
            return (long)caller.GetFunction("again")!.Invoke(n)!;
        }
        catch (Peer.WasmtimeException exception) when (KindOf(exception) == TrapKind.UncaughtException)
        {
            return HostObserve.Thrown;
        }
        catch (Peer.WasmtimeException exception)
        {
            _crossed ??= KindOf(exception);
            throw;
        }
        finally
        {
            _depth--;
        }
    }

    private static TrapKind KindOf(Exception exception) => exception switch
    {
        _ when exception.Message.Contains("thrown Wasm exception", StringComparison.Ordinal) => TrapKind.UncaughtException,
        _ when exception.Message.Contains("GC heap out of memory", StringComparison.Ordinal) => TrapKind.AllocationTooLarge,
        Peer.TrapException trap => KindOf(trap.Type),
        _ => TrapKind.Other,
    };

    private static Number Convert(object value) => value switch
    {
        int i => new Number(ValType.I32, (uint)i),
        long l => new Number(ValType.I64, (ulong)l),
        float f => new Number(ValType.F32, BitConverter.SingleToUInt32Bits(f)),
        double d => new Number(ValType.F64, BitConverter.DoubleToUInt64Bits(d)),
        _ => throw new NotSupportedException($"{value.GetType()} is no number."),
    };

    private static TrapKind KindOf(Peer.TrapCode code) => code switch
    {
        Peer.TrapCode.Unreachable => TrapKind.Unreachable,
        Peer.TrapCode.IntegerDivisionByZero => TrapKind.DivideByZero,
        Peer.TrapCode.IntegerOverflow => TrapKind.IntegerOverflow,
        Peer.TrapCode.BadConversionToInteger => TrapKind.BadConversion,
        Peer.TrapCode.MemoryOutOfBounds => TrapKind.OutOfBoundsMemory,
        Peer.TrapCode.TableOutOfBounds => TrapKind.OutOfBoundsTable,
        Peer.TrapCode.IndirectCallToNull => TrapKind.NullElement,
        Peer.TrapCode.BadSignature => TrapKind.WrongSignature,
        Peer.TrapCode.NullReference => TrapKind.NullReference,
        Peer.TrapCode.StackOverflow => TrapKind.StackExhausted,
        Peer.TrapCode.CastFailure => TrapKind.CastFailure,
        Peer.TrapCode.ArrayOutOfBounds => TrapKind.OutOfBoundsArray,
        Peer.TrapCode.AllocationTooLarge => TrapKind.AllocationTooLarge,
        Peer.TrapCode.HeapMisaligned => TrapKind.UnalignedAtomic,
        Peer.TrapCode.AtomicWaitNonSharedMemory => TrapKind.MemoryNotShared,
        _ => TrapKind.Other,
    };
}
