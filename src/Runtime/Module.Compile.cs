using HostService.Runtime.Compilation;

namespace HostService.Runtime;

/// <content>From a binary to a module.</content>
public sealed partial class Module
{
    /// <summary>Decodes, validates and compiles a module.</summary>
    /// <param name="engine">The Engine it is for.</param>
    /// <param name="binary">The binary. It is kept and must not change.</param>
    /// <param name="name">What to call it in traps; null for the name in its name section.</param>
    /// <param name="cancellationToken">Ends the compilation between two functions.</param>
    /// <exception cref="MalformedModuleException">It is no WebAssembly binary.</exception>
    /// <exception cref="InvalidModuleException">It breaks a rule of validation.</exception>
    /// <exception cref="ModuleLimitException">It is larger in some respect than this Engine takes, or uses what it doesn't compile.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static Module Compile(Engine engine, ReadOnlyMemory<byte> binary, string? name = null, CancellationToken cancellationToken = default)
    {
        var validated = DecodeAndValidate(engine, binary, cancellationToken);
        var code = ModuleCompiler.Compile(validated, new CompileOptions { GuardPages = engine.UsesGuardPages }, cancellationToken);
        return new Module(engine, new ModuleParts(validated, code), name);
    }
}
