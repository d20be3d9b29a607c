namespace HostService.Runtime.Fuzz.Differential;

/// <summary>Why a call trapped, in the distinctions that both engines make.</summary>
internal enum TrapKind
{
    Unreachable,
    DivideByZero,
    IntegerOverflow,
    BadConversion,
    OutOfBoundsMemory,

    /// <summary>Beyond the end of a table, also by an indirect call, which the specification calls an undefined element.</summary>
    OutOfBoundsTable,
    NullElement,
    WrongSignature,
    NullReference,
    StackExhausted,
    CastFailure,
    OutOfBoundsArray,
    AllocationTooLarge,
    UnalignedAtomic,
    MemoryNotShared,

    /// <summary>No trap: an exception that the guest threw and didn't catch.</summary>
    UncaughtException,
    Other,
}
