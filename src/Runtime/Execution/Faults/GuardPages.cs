using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using HostService.Runtime.Execution.LinearMemories.Linux;

namespace HostService.Runtime.Execution.Faults;

/// <summary>Whether a touch of an inaccessible page of a memory becomes a <see cref="NullReferenceException"/> in the frame that touched it.</summary>
/// <remarks>
/// The CLR turns SIGSEGV at an address near 0 into that exception, and at any other address ends the process. So a handler in front of it replaces the address
/// of faults in our ranges by 0 and passes everything on. Emitted code then needs no bounds check on memories with a guard.
/// Pages that are only locked against writes it unlocks instead, and has the write tried again.
/// </remarks>
internal static unsafe class GuardPages
{
    /// <summary>Installed and tried out in this process, once, when first asked for. False off Linux x64 and wherever a step fails.</summary>
    public static bool IsSupported { get; } = TryInstall();

    /// <summary>Takes the address of the calling thread's last fault in a memory's reservation, so that it is reported once.</summary>
    /// <remarks>Ask for each <see cref="NullReferenceException"/> of emitted code: false means that a null reference was dereferenced, not a memory.</remarks>
    public static bool TryTakeFault(out nuint address)
    {
        address = 0;
        return IsSupported && FaultTable.TryTake(out address);
    }

    /// <summary>Blocks the CLR's activation signal while SIGSEGV is handled, should a handler that was put in front of ours have left it open.</summary>
    /// <remarks>
    /// SIGSEGV is handled on a stack of 12 KiB, which has no room for the frames of a second signal: the CLR therefore blocks that one, and ours stands in front with the same mask. But whoever comes later brings a mask of his own, an empty one
    /// with Wasmtime, and then a collection at the moment of a fault ends the process without a word. Called for each Engine and each module; thread-safe.
    /// </remarks>
    public static void KeepActivationsOut()
    {
        if (IsSupported
            && SignalAction.TryGet(SignalAction.SegmentationFault, out SignalAction action)
            && !action.Mask.Contains(SignalAction.ActivationSignal))
        {
            action.Mask.Add(SignalAction.ActivationSignal);
            SignalAction.TrySet(SignalAction.SegmentationFault, action);
        }
    }

    private static bool TryInstall()
    {
        bool isKnownSystem = OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64 && Type.GetType("Mono.RuntimeStructs") is null;
        if (!isKnownSystem || !FaultHandlerCode.TryPlace(FaultTable.Address, out nint handler, out nint returnOnly))
            return false;
        if (!Libc.TryReserve((ulong)Environment.SystemPageSize, out byte* probe))
            return false;
        var locked = (ulong*)NativeMemory.AllocZeroed(sizeof(ulong));
        FaultTable.AddRange((nuint)probe, (nuint)(probe + Environment.SystemPageSize), locked);

        // First the code by itself, called as the kernel would, so that no fault is risked on code that does not do what it should.
        FaultTable.PreviousHandler = returnOnly;
        if (!IsRight((delegate* unmanaged<int, SignalInformation*, void*, void>)handler, probe, locked))
            return false;

        // The CLR's handler keeps its flags and mask: it runs as it always did, after ours. Somebody else's may have left the mask empty.
        if (!SignalAction.TryGet(SignalAction.SegmentationFault, out SignalAction action)
            || !action.IsHandled
            || (action.Flags & SignalAction.TakesInformation) == 0)
            return false;
        FaultTable.PreviousHandler = action.Handler;
        action.Handler = handler;
        action.Mask.Add(SignalAction.ActivationSignal);
        return SignalAction.TrySet(SignalAction.SegmentationFault, action) && FaultsAreCaught(probe) && WritesAreLetThrough(probe, locked);
    }

    private static bool IsRight(delegate* unmanaged<int, SignalInformation*, void*, void> handler, byte* probe, ulong* locked)
    {
        nint End(int code, byte* address)
        {
            var information = new SignalInformation { Code = code, Address = (nint)address };
            handler(SignalAction.SegmentationFault, &information, null);
            return information.Address;
        }

        byte* end = probe + Environment.SystemPageSize;

        // One byte of the page is enough to unlock it, and what is beyond that byte is a fault like any other.
        *locked = 1;
        if (End(SignalInformation.AccessError, probe + 1) != 0 || !FaultTable.TryTake(out _) || *locked != 1
            || End(SignalInformation.AccessError, probe) != (nint)probe || *locked != 0)
            return false;
        Volatile.Write(ref *probe, 1);
        if (Libc.Protect(probe, (nuint)(end - probe), Libc.ProtNone) != 0)
            return false;

        return End(SignalInformation.AccessError, probe) == 0
            && FaultTable.TryTake(out nuint address) && address == (nuint)probe
            && End(SignalInformation.AccessError, end - 1) == 0
            && FaultTable.TryTake(out address) && address == (nuint)(end - 1)
            && End(SignalInformation.AccessError, end) == (nint)end
            && End(SignalInformation.AccessError, probe - 1) == (nint)(probe - 1)
            && End(SignalInformation.MappingError, probe) == (nint)probe
            && !FaultTable.TryTake(out _);
    }

    private static bool FaultsAreCaught(byte* probe)
    {
        try
        {
            Load(probe + 100);
            return false;
        }
        catch (NullReferenceException)
        {
            if (!FaultTable.TryTake(out nuint address) || address != (nuint)(probe + 100))
                return false;
        }

        try
        {
            Store(probe + 200);
            return false;
        }
        catch (NullReferenceException)
        {
            return FaultTable.TryTake(out nuint address) && address == (nuint)(probe + 200);
        }
    }

    /// <summary>A write to a locked page goes through, and unlocks it, without an exception; a page that is locked no more faults as before.</summary>
    private static bool WritesAreLetThrough(byte* probe, ulong* locked)
    {
        nuint pageBytes = (nuint)Environment.SystemPageSize;
        if (Libc.Protect(probe, pageBytes, Libc.ProtRead) != 0)
            return false;
        *locked = pageBytes;
        Store(probe + 300);
        return *locked == 0 && Load(probe + 300) == 1 && !FaultTable.TryTake(out _)
            && Libc.Protect(probe, pageBytes, Libc.ProtNone) == 0 && FaultsAreCaught(probe);
    }

    // The JIT drops a load whose value nobody uses.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static byte Load(byte* address) => Volatile.Read(ref *address);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Store(byte* address) => Volatile.Write(ref *address, 1);

    /// <summary>The start of <c>siginfo_t</c> for SIGSEGV on 64-bit Linux.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 128)]
    private struct SignalInformation
    {
        public const int MappingError = 1;      // SEGV_MAPERR
        public const int AccessError = 2;       // SEGV_ACCERR

        public int Signal;
        public int Error;
        public int Code;
        private readonly int _padding;
        public nint Address;
    }
}
