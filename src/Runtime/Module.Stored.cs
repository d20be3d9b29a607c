using System.Reflection;
using System.Runtime.InteropServices;
using HostService.Runtime.Binary;
using HostService.Runtime.Compilation;
using HostService.Runtime.Errors;
using HostService.Runtime.Execution.Code;
using HostService.Runtime.Validation;

namespace HostService.Runtime;

/// <content>Compiled once, stored, and loaded again. See docs/adr/0051.</content>
public sealed partial class Module
{
    /// <summary>Gives the module in a form that <see cref="Deserialize"/> loads again without validating and compiling its functions.</summary>
    /// <remarks>
    /// The binary is in it. Any time until the module is disposed; thread-safe. With <see cref="CompilationStrategy.Tiered"/> it also names the functions that ran
    /// on baseline code so far: a module that is loaded from it makes their code first. So it is worth while to store a module once more after it was used.
    /// </remarks>
    /// <exception cref="OverflowException">It would be 2 GiB or more.</exception>
    public byte[] Serialize() => new StoredModule(Name, Syntax.Binary, _compiled, Verdict, [.. FunctionsRun]).Write(IdentityOf(Engine));

    /// <summary>Loads a module that <see cref="Serialize"/> gave.</summary>
    /// <param name="engine">An Engine of the same version of this library and of the CLR, and with the same features, limits of modules and bounds checks.</param>
    /// <param name="artifact">What was stored. Nothing of it is kept.</param>
    /// <param name="name">What to call the module in traps; null for the name it had.</param>
    /// <remarks>
    /// <b>Only for artifacts that nobody else can have written.</b> The code in it is run as it is: the hash that is checked finds damage, but whoever can write an
    /// artifact can write its hash. Keep artifacts where only the host can write, or sign them.
    /// </remarks>
    /// <exception cref="ModuleLimitException">It was stored without a verdict, and a function breaks the limits of <see cref="EngineOptions.Trial"/> even without optimisation.</exception>
    /// <exception cref="CompilationTrialException">A function has to be tried in a child process first, and none could be started.</exception>
    /// <exception cref="StoredModuleException">It is no stored module, is damaged, or is for another version or other options.</exception>
    public static Module Deserialize(Engine engine, ReadOnlyMemory<byte> artifact, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(engine);
        var stored = StoredModule.Read(artifact.Span, IdentityOf(engine));
        var limits = engine.Options.ModuleLimits;
        var validated = ValidatedModule.FromStored(ModuleDecoder.Decode(stored.Binary, engine.Options.Features, limits), limits);
        return Begin(new Module(engine, new ModuleParts(validated, stored.Code, stored.Verdict, stored.Profile), name ?? stored.Name), CancellationToken.None);
    }

    // Whatever the image depends on. The image names members of this very assembly, so its own identity is the one that tells versions apart.
    private static string IdentityOf(Engine engine)
    {
        var assembly = typeof(Module).Assembly;
        var version = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? assembly.GetName().Version?.ToString();
        return $"engine {version} {assembly.ManifestModule.ModuleVersionId:N}; {RuntimeInformation.FrameworkDescription} {RuntimeInformation.RuntimeIdentifier}; "
            + $"features {engine.Options.Features}; {(engine.UsesGuardPages ? "guard pages" : "explicit checks")}{(engine.Options.OmitsInterruption ? ", no interruption" : "")}; {engine.Options.ModuleLimits}";
    }
}
