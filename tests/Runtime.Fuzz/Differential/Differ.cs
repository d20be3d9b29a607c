using System.Runtime.ExceptionServices;
using HostService.Runtime.Fuzz.Generation;
using HostService.Runtime.Types;
using ValueType = HostService.Runtime.Types.ValueType;

namespace HostService.Runtime.Fuzz.Differential;

/// <summary>Runs a module in both engines and says where they differ.</summary>
internal static class Differ
{
    // Each engine lets guests have 2 MiB of it, and fuel bounds recursion long before that does.
    private const int StackBytes = 16 << 20;

    private const int CallsPerFunction = 3;

    // Unwinding a whole stack takes as long as all the rest.
    private const int EachDeep = 8;

    // call, call_indirect, their tail forms, call_ref.
    private const byte FirstCall = 0x10;
    private const byte LastCall = 0x15;

    // Wasmtime names no more.
    private const int WasmtimeFrames = 20;

    private static long s_exactFrames;
    private static long s_misplacedCallers;
    private static long s_approximateFrames;
    private static long s_pairs;
    private static long s_returned;
    private static long s_trapped;

    private static readonly ulong[] s_arguments =
    [
        0, 1, 0xFFFF_FFFF_FFFF_FFFF, 7, 0x8000_0000, 0x8000_0000_0000_0000, 0x3F80_0000, 0x3FF0_0000_0000_0000, 0x7FC0_0000, 0x7FF8_0000_0000_0000,
        0xC2C8_0000, 0xC059_0000_0000_0000, 65535, 100, 0x7F80_0000, 0x7FF0_0000_0000_0000,
    ];

    /// <summary>How many calls returned and trapped alike so far: a generator whose calls all trap at once finds nothing.</summary>
    public static (long Returned, long Trapped) Calls => (s_returned, s_trapped);

    /// <summary>How many pairs of linked modules were called so far.</summary>
    public static long Pairs => s_pairs;

    /// <summary>How many callers' frames named another call than Wasmtime's. RyuJIT removes calls that no one can reach and says of the code after them that it begins where they were (docs/adr/0090), and
    /// where it moves a block, what was before it may give it its place.</summary>
    public static long MisplacedCallers => s_misplacedCallers;

    /// <summary>How many frames of traps were at the instruction that Wasmtime names, and how many this engine called approximate.</summary>
    public static (long Exact, long Approximate) Frames => (s_exactFrames, s_approximateFrames);

    /// <summary>The first difference in any of the ways to run the module, or null. Makes a thread that is deep enough.</summary>
    public static string? CompareAllWays(byte[] binary) =>
        OnDeepStack(() => Enumerable.Range(0, OurGuest.Ways).Select(way => Compare(binary, way) is { } difference ? $"way {way}: {difference}" : null).FirstOrDefault(difference => difference is not null));

    /// <summary>As <see cref="CompareHere"/>. Makes a thread that is deep enough.</summary>
    public static string? Compare(byte[] binary) => OnDeepStack(() => CompareHere(binary));

    /// <summary>The first difference in one of the ways, always the same for the same module. To be called on a thread that <see cref="OnDeepStack"/> made.</summary>
    public static string? CompareHere(byte[] binary) => Compare(binary, binary.Sum(value => value) % OurGuest.Ways);

    /// <summary>Counts a call that ended alike.</summary>
    public static void Count(Outcome outcome) => Interlocked.Increment(ref outcome.Trap is null ? ref s_returned : ref s_trapped);

    /// <summary>Runs something on a thread whose stack has room for both engines' limits.</summary>
    public static T OnDeepStack<T>(Func<T> function)
    {
        var result = default(T)!;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(Run, StackBytes);
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result;

        void Run()
        {
            try
            {
                result = function();
            }
            catch (Exception thrown)
            {
                failure = ExceptionDispatchInfo.Capture(thrown);
            }
        }
    }

    private static string? Compare(byte[] binary, int way)
    {
        using var theirs = new WasmtimeGuest(binary);
        using var ours = new OurGuest(binary, way);
        var pair = ModulePair.Read(binary);
        var difference = CompareStart(pair, ours, theirs, out var isStarted);
        if (pair.Second is not null && isStarted)
        {
            Interlocked.Increment(ref s_pairs);
        }

        return difference is not null || !isStarted ? difference : CompareCalls(pair, ours, theirs, out var hadRoom) ?? (hadRoom ? CompareState(ours, theirs) : null) ?? CompareDeepest(ours, theirs, binary.Length % EachDeep == 0);
    }

    private static string? CompareStart(ModulePair binary, OurGuest ours, WasmtimeGuest theirs, out bool isStarted)
    {
        var (expected, actual) = (theirs.Start(), ours.Start());
        isStarted = expected.Trap is null && actual.Trap is null;
        if (actual.Trap is TrapKind.AllocationTooLarge || expected.Trap is TrapKind.AllocationTooLarge)
        {
            return null;
        }

        return !actual.Equals(expected) ? $"start: {actual}; Wasmtime: {expected}"
            : !ours.Observed.SequenceEqual(theirs.Observed) ? $"start: the host was called with [{string.Join(", ", ours.Observed)}]; by Wasmtime with [{string.Join(", ", theirs.Observed)}]"
            : CompareFrames(binary, actual, expected) is { } frames ? $"start: {frames}"
            : null;
    }

    // Recursion without end: both engines say so, and are as good as before.
    private static string? CompareDeepest(OurGuest ours, WasmtimeGuest theirs, bool isDeep)
    {
        if (!isDeep || !ours.Exports.Any(export => export.Name == DeepGen.Name))
        {
            return null;
        }

        Number[] arguments = [new Number(ValType.I32, 1)];
        var (expected, actual) = (theirs.Call(DeepGen.Name, arguments), ours.Call(DeepGen.Name, arguments));
        return actual.Trap != TrapKind.StackExhausted || !actual.Equals(expected) ? $"{DeepGen.Name}: {actual}; Wasmtime: {expected}"
            : ours.Call("digest", []).Equals(theirs.Call("digest", [])) ? null
            : "the digest changed when the stack was exhausted";
    }

    private static bool HasNumbersOnly(GuestExport export) =>
        export.Type.Kind == ExternKind.Func && export.Type.Func!.Parameters.Concat(export.Type.Func.Results).All(type => type.Kind is ValueKind.I32 or ValueKind.I64 or ValueKind.F32 or ValueKind.F64);

    private static string? CompareCalls(ModulePair binary, OurGuest ours, WasmtimeGuest theirs, out bool hadRoom)
    {
        hadRoom = true;
        foreach (var export in ours.Exports.Where(export => HasNumbersOnly(export) && !export.Name.EndsWith(DeepGen.Name, StringComparison.Ordinal)))
        {
            var parameters = export.Type.Func!.Parameters;
            for (var call = 0; call < CallsPerFunction; call++)
            {
                Number[] arguments = [.. parameters.Select((type, i) => Argument(type, (call * 5) + (i * 3) + export.Name.Length))];
                ours.SetFuel(ModuleShape.Fuel);
                theirs.SetFuel(ModuleShape.Fuel);
                var expected = theirs.Call(export.Name, arguments);
                var actual = ours.Call(export.Name, arguments);
                if (actual.Trap is TrapKind.AllocationTooLarge || expected.Trap is TrapKind.AllocationTooLarge)
                {
                    // How large the heap may be is each engine's own choice, and an element is not as long in both. Even when both refuse it need not be the same allocation, so what follows can't be compared.
                    hadRoom = false;
                    return null;
                }

                if (!actual.Equals(expected))
                {
                    return $"{export.Name}({string.Join(", ", arguments)}), call {call}: {actual}; Wasmtime: {expected}";
                }

                if (CompareFrames(binary, actual, expected) is { } frames)
                {
                    return $"{export.Name}({string.Join(", ", arguments)}), call {call}: {frames}";
                }

                Count(actual);
                if (!ours.Observed.SequenceEqual(theirs.Observed))
                {
                    return $"{export.Name}, call {call}: the host was called with [{string.Join(", ", ours.Observed)}]; by Wasmtime with [{string.Join(", ", theirs.Observed)}]";
                }
            }
        }

        return null;
    }

    // Stacks that are exhausted are of different depths.
    private static string? CompareFrames(ModulePair binary, Outcome actual, Outcome expected)
    {
        var count = expected.Trap is TrapKind.StackExhausted || expected.Frames.IsEmpty ? 0 : Math.Min(actual.Frames.Length, expected.Frames.Length);
        for (var i = 0; i < count; i++)
        {
            var (here, there) = (actual.Frames[i], expected.Frames[i]);
            var isSame = (here.Offset, here.IsSecond) == (there.Offset, there.IsSecond);
            ref var counter = ref s_exactFrames;
            if (here.IsApproximate)
            {
                counter = ref s_approximateFrames;
            }
            else if (i > 0 && !isSame && IsCall(binary, here) && IsCall(binary, there))
            {
                // The test bounds how many these are.
                counter = ref s_misplacedCallers;
            }
            else if (!isSame && !IsImprecise(binary, i, here, expected))
            {
                return $"frame {i} is at {here}; Wasmtime: {there}; {actual.Detail}";
            }

            Interlocked.Increment(ref counter);
        }

        return count is 0 or WasmtimeFrames || actual.Frames.Length == expected.Frames.Length ? null : $"{Offsets(actual)}; Wasmtime: {Offsets(expected)}";
    }

    private static string Offsets(Outcome outcome) => $"{outcome.Frames.Length} frames [{string.Join(", ", outcome.Frames)}]";

    // Wasmtime folds a load into the instruction that uses it, and names that one; now and then it names a caller by an instruction that is no call.
    private static bool IsImprecise(ModulePair binary, int frame, Place actual, Outcome expected)
    {
        var place = expected.Frames[frame];
        return frame > 0
            ? !IsCall(binary, place) && IsCall(binary, actual)
            : expected.Trap == TrapKind.OutOfBoundsMemory && actual.Offset < place.Offset;
    }

    private static bool IsCall(ModulePair binary, Place place) => (place.IsSecond ? binary.Second! : binary.First)[place.Offset] is >= FirstCall and <= LastCall;

    private static string? CompareState(OurGuest ours, WasmtimeGuest theirs)
    {
        foreach (var export in ours.Exports)
        {
            if (export.Type.Kind == ExternKind.Global && (ours.Global(export.Name), theirs.Global(export.Name)) is var (actual, expected) && actual != expected)
            {
                return $"global {export.Name} is {actual} at the end; Wasmtime: {expected}";
            }

            if (export.Type.Kind == ExternKind.Memory && CompareMemory(export.Name, ours.Memory(export.Name), theirs.Memory(export.Name)) is { } difference)
            {
                return difference;
            }
        }

        return null;
    }

    private static string? CompareMemory(string name, ReadOnlySpan<byte> actual, ReadOnlySpan<byte> expected)
    {
        if (actual.Length != expected.Length)
        {
            return $"memory {name} has {actual.Length} bytes at the end; Wasmtime: {expected.Length}";
        }

        var at = actual.CommonPrefixLength(expected);
        return at == actual.Length ? null : $"memory {name} has 0x{actual[at]:x2} at {at} at the end; Wasmtime: 0x{expected[at]:x2}";
    }

    /// <summary>One of the numbers that functions are called with.</summary>
    public static Number Argument(ValueType type, int which)
    {
        var bits = s_arguments[which % s_arguments.Length];
        return type.Kind switch
        {
            ValueKind.I32 => new Number(ValType.I32, (uint)bits),
            ValueKind.I64 => new Number(ValType.I64, bits),
            ValueKind.F32 => new Number(ValType.F32, (uint)bits),
            ValueKind.F64 => new Number(ValType.F64, bits),
            _ => throw new NotSupportedException($"{type} is not generated."),
        };
    }
}
