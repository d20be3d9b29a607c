namespace HostService.Runtime.Compilation.IL;

/// <summary>What the compiler distinguishes on the IL stack and among IL locals. The first seven have the numbers of <see cref="ValueKind"/>.</summary>
internal enum ILType : byte
{
    /// <summary>Nothing: a call without a result.</summary>
    Void = ValueKind.None,

    /// <summary>A 32-bit integer.</summary>
    Int32 = ValueKind.I32,

    /// <summary>A 64-bit integer.</summary>
    Int64 = ValueKind.I64,

    /// <summary>A 32-bit float.</summary>
    Float32 = ValueKind.F32,

    /// <summary>A 64-bit float.</summary>
    Float64 = ValueKind.F64,

    /// <summary>A <c>Vector128&lt;byte&gt;</c>.</summary>
    Vector128 = ValueKind.V128,

    /// <summary>An object reference; the emitted code knows its class where it matters.</summary>
    Object = ValueKind.Ref,

    /// <summary>A native integer or pointer.</summary>
    Native,

    /// <summary>A managed pointer to numbers.</summary>
    Reference,
}
