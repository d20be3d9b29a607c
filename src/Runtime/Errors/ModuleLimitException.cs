namespace HostService.Runtime.Errors;

/// <summary>The module may be valid but is larger in some respect than this engine is set to take, or uses a part of WebAssembly that it does not compile.</summary>
/// <remarks><see href="https://webassembly.github.io/spec/core/appendix/implementation.html">Spec: implementation limitations</see></remarks>
public sealed class ModuleLimitException : WasmException
{
    internal ModuleLimitException(string message)
        : base(message)
    {
    }
}
