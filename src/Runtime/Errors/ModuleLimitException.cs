namespace HostService.Runtime.Errors;

/// <summary>The module may be valid but is larger in some respect than this engine is set to take.</summary>
/// <remarks><see href="https://webassembly.github.io/spec/core/appendix/implementation.html">Spec: implementation limitations</see></remarks>
public sealed class ModuleLimitException : WasmException
{
    internal ModuleLimitException(string message)
        : base(message)
    {
    }
}
