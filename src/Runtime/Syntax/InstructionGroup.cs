namespace HostService.Runtime.Syntax;

/// <summary>The proposal by which an instruction came into WebAssembly. Everything up to <see cref="RelaxedSimd"/> is part of version 3.0.</summary>
internal enum InstructionGroup : byte
{
    /// <summary>WebAssembly 1.0.</summary>
    Core,

    /// <summary>Sign-extension operators.</summary>
    SignExtension,

    /// <summary>Non-trapping float-to-int conversions.</summary>
    SaturatingConversion,

    /// <summary>Bulk memory operations.</summary>
    BulkMemory,

    /// <summary>Reference types.</summary>
    ReferenceTypes,

    /// <summary>Typed function references.</summary>
    FunctionReferences,

    /// <summary>Tail calls.</summary>
    TailCall,

    /// <summary>Garbage collection.</summary>
    Gc,

    /// <summary>Exception handling with <c>exnref</c>.</summary>
    Exceptions,

    /// <summary>Fixed-width SIMD.</summary>
    Simd,

    /// <summary>Relaxed SIMD.</summary>
    RelaxedSimd,

    /// <summary>Threads and atomics. Not in version 3.0.</summary>
    Threads,

    /// <summary>Wide arithmetic. Not in version 3.0.</summary>
    WideArithmetic,

    /// <summary>The first form of exception handling, which toolchains still emit. Not in version 3.0.</summary>
    LegacyExceptions,
}

/// <summary>What an <see cref="InstructionGroup"/> asks of the feature set.</summary>
internal static class InstructionGroupFeatures
{
    /// <summary>The feature that must be on for this group's instructions, or <see cref="WasmFeatures.None"/> for what is in version 3.0.</summary>
    public static WasmFeatures RequiredFeature(this InstructionGroup group) => group switch
    {
        InstructionGroup.Threads => WasmFeatures.Threads,
        InstructionGroup.WideArithmetic => WasmFeatures.WideArithmetic,
        InstructionGroup.LegacyExceptions => WasmFeatures.LegacyExceptions,
        _ => WasmFeatures.None,
    };
}
