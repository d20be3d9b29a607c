using System.Reflection;
using System.Runtime.InteropServices;
using Peer = Wasmtime;

namespace HostService.Runtime.Fuzz.Differential;

/// <summary>Options of Wasmtime's C interface that its package for .NET has no method for.</summary>
internal static partial class WasmtimeOptions
{
    public static Peer.Config WithCustomPageSizes(this Peer.Config config, bool enable)
    {
        SetCustomPageSizes(HandleOf(config), enable);
        return config;
    }

    /// <summary>The compact form of imports, a proposal after version 3.0, which is on by itself.</summary>
    public static Peer.Config WithCompactImports(this Peer.Config config, bool enable)
    {
        SetCompactImports(HandleOf(config), enable);
        return config;
    }

    /// <summary>Whether instances may have shared memories.</summary>
    public static Peer.Config WithSharedMemories(this Peer.Config config, bool enable)
    {
        SetSharedMemory(HandleOf(config), enable);
        return config;
    }

    private static nint HandleOf(Peer.Config config)
    {
        var property = typeof(Peer.Config).GetProperty("NativeHandle", BindingFlags.Instance | BindingFlags.NonPublic)
            ?? throw new MissingMemberException(nameof(Peer.Config), "NativeHandle");
        return ((SafeHandle)property.GetValue(config)!).DangerousGetHandle();
    }

    [LibraryImport("wasmtime", EntryPoint = "wasmtime_config_shared_memory_set")]
    private static partial void SetSharedMemory(nint config, [MarshalAs(UnmanagedType.U1)] bool enable);

    [LibraryImport("wasmtime", EntryPoint = "wasmtime_config_wasm_custom_page_sizes_set")]
    private static partial void SetCustomPageSizes(nint config, [MarshalAs(UnmanagedType.U1)] bool enable);

    [LibraryImport("wasmtime", EntryPoint = "wasmtime_config_wasm_compact_imports_set")]
    private static partial void SetCompactImports(nint config, [MarshalAs(UnmanagedType.U1)] bool enable);
}
