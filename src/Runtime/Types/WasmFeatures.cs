namespace HostService.Runtime.Types;

/// <summary>Proposals outside WebAssembly 3.0 that a module may use. All of version 3.0 is always on.</summary>
/// <remarks><see href="https://github.com/WebAssembly/proposals">WebAssembly proposals</see></remarks>
[Flags]
public enum WasmFeatures
{
    /// <summary>WebAssembly 3.0 and nothing more. The default.</summary>
    None = 0,

    /// <summary>Shared memories and atomic instructions.</summary>
    Threads = 1 << 0,

    /// <summary>Memories whose pages are one byte long.</summary>
    CustomPageSizes = 1 << 1,

    /// <summary>Instructions on 128-bit integers in two halves.</summary>
    WideArithmetic = 1 << 2,

    /// <summary>The first form of exception handling: <c>try</c>, <c>catch</c>, <c>catch_all</c>, <c>delegate</c>, <c>rethrow</c>.</summary>
    LegacyExceptions = 1 << 3,
}
