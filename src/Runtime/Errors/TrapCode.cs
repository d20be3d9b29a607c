namespace HostService.Runtime.Errors;

/// <summary>Why execution trapped.</summary>
/// <remarks><see href="https://webassembly.github.io/spec/core/exec/runtime.html#results">Spec: results</see></remarks>
public enum TrapCode
{
    /// <summary>The <c>unreachable</c> instruction was executed.</summary>
    Unreachable,

    /// <summary>An integer was divided by zero.</summary>
    IntegerDivideByZero,

    /// <summary>The result of a division or conversion doesn't fit its integer type.</summary>
    IntegerOverflow,

    /// <summary>A NaN was converted to an integer.</summary>
    InvalidConversionToInteger,

    /// <summary>A memory access touched a byte beyond the memory's length.</summary>
    OutOfBoundsMemoryAccess,

    /// <summary>A table access named an element beyond the table's length.</summary>
    OutOfBoundsTableAccess,

    /// <summary>An indirect call named an element beyond the table's length.</summary>
    UndefinedElement,

    /// <summary>An indirect call named an element that is null.</summary>
    UninitializedElement,

    /// <summary>An indirect call named a function of another type.</summary>
    IndirectCallTypeMismatch,

    /// <summary>A null reference was called.</summary>
    NullFunctionReference,

    /// <summary>A null reference was used where a non-null one is needed.</summary>
    NullReference,

    /// <summary>A null structure reference was accessed.</summary>
    NullStructReference,

    /// <summary>A null array reference was accessed.</summary>
    NullArrayReference,

    /// <summary>A null i31 reference was accessed.</summary>
    NullI31Reference,

    /// <summary>A null exception reference was thrown.</summary>
    NullExceptionReference,

    /// <summary>An array access named an element beyond the array's length.</summary>
    OutOfBoundsArrayAccess,

    /// <summary>A reference was cast to a type that it doesn't have.</summary>
    CastFailure,

    /// <summary>The guest's call stack is exhausted.</summary>
    CallStackExhausted,

    /// <summary>The Store's epoch deadline has passed.</summary>
    Interrupted,

    /// <summary>An atomic access was not aligned (threads proposal).</summary>
    UnalignedAtomic,

    /// <summary><c>memory.atomic.wait</c> was used on a memory that isn't shared (threads proposal).</summary>
    ExpectedSharedMemory,

    /// <summary>The allocation of a structure or array was refused.</summary>
    AllocationTooLarge,
}
