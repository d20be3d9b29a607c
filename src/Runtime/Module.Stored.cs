using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using HostService.Runtime.Binary;
using HostService.Runtime.Compilation;
using HostService.Runtime.Errors;
using HostService.Runtime.Execution.Code;
using HostService.Runtime.Validation;

namespace HostService.Runtime;

/// <content>Compiled once, stored, and loaded again. See docs/adr/0051.</content>
public sealed partial class Module
{
    /// <summary>Gives the module in a form that <see cref="Deserialize(Engine, ReadOnlyMemory{byte}, string)"/> loads again without validating and compiling its functions.</summary>
    /// <remarks>
    /// The binary is in it. Any time until the module is disposed; thread-safe. With <see cref="CompilationStrategy.Tiered"/> it also names the functions that ran
    /// on baseline code so far: a module that is loaded from it makes their code first. So it is worth while to store a module once more after it was used.
    /// Large modules are better written to a file, with <see cref="Serialize(Stream)"/>.
    /// </remarks>
    /// <exception cref="OverflowException">It would be longer than an array can be, some 2 GiB.</exception>
    public byte[] Serialize()
    {
        var (stored, identity) = (Stored(), IdentityOf(Engine));
        var artifact = new byte[checked((int)stored.SizeOf(identity))];
        stored.Write(new MemoryStream(artifact), identity);
        return artifact;
    }

    /// <summary>Writes the module, of whatever length, in the form that <see cref="Deserialize(Engine, Stream)"/> loads again without validating and compiling its functions.</summary>
    /// <param name="destination">Where to, from its position on; written from start to end and neither flushed nor closed. It should take pieces of a megabyte as they are.</param>
    /// <remarks>As <see cref="Serialize()"/>, but no copy of the artifact is made in memory.</remarks>
    /// <exception cref="IOException">What the stream throws.</exception>
    public void Serialize(Stream destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        Stored().Write(destination, IdentityOf(Engine));
    }

    /// <summary>Loads a module that <see cref="Serialize()"/> gave.</summary>
    /// <param name="engine">An Engine of the same version of this library and of the CLR, and with the same features, limits of modules and bounds checks.</param>
    /// <param name="artifact">What was stored. Nothing of it is kept.</param>
    /// <param name="name">What to call the module in traps; null for the name it had.</param>
    /// <remarks>
    /// <b>Only for artifacts that nobody else can have written.</b> The code in it is run as it is: the hash that is checked finds damage, but whoever can write an
    /// artifact can write its hash. Keep artifacts where only the host can write, or sign them.
    /// </remarks>
    /// <exception cref="ModuleLimitException">It was stored without a verdict, and a function breaks the limits of <see cref="EngineOptions.Trial"/> even without optimisation.</exception>
    /// <exception cref="CompilationTrialException">A function has to be tried in a child process first, and none could be started.</exception>
    /// <exception cref="ObjectDisposedException">The Engine is disposed.</exception>
    /// <exception cref="StoredModuleException">It is no stored module, is damaged, or is for another version or other options.</exception>
    public static unsafe Module Deserialize(Engine engine, ReadOnlyMemory<byte> artifact, string? name = null)
    {
        if (artifact.IsEmpty)
        {
            return Load(engine, Stream.Null, name);
        }

        using var pinned = artifact.Pin();
        using var stream = new UnmanagedMemoryStream((byte*)pinned.Pointer, artifact.Length);
        return Load(engine, stream, name);
    }

    /// <summary>Loads a module that <see cref="Serialize(Stream)"/> wrote, under the name that it had and without a copy of the artifact in memory: each part is read to where it stays.</summary>
    /// <param name="engine">An Engine of the same version of this library and of the CLR, and with the same features, limits of modules and bounds checks.</param>
    /// <param name="artifact">Stands at the artifact's start; read to its end. Where it can seek, the artifact must be all that is left of it. Not closed.</param>
    /// <remarks><inheritdoc cref="Deserialize(Engine, ReadOnlyMemory{byte}, string)" path="/remarks"/></remarks>
    /// <exception cref="ModuleLimitException">It was stored without a verdict, and a function breaks the limits of <see cref="EngineOptions.Trial"/> even without optimisation.</exception>
    /// <exception cref="CompilationTrialException">A function has to be tried in a child process first, and none could be started.</exception>
    /// <exception cref="ObjectDisposedException">The Engine is disposed.</exception>
    /// <exception cref="StoredModuleException">It is no stored module, is damaged, or is for another version or other options.</exception>
    /// <exception cref="IOException">What the stream throws.</exception>
    public static Module Deserialize(Engine engine, Stream artifact)
    {
        ArgumentNullException.ThrowIfNull(artifact);
        return Load(engine, artifact, name: null);
    }

    /// <summary>Loads a module as <see cref="Deserialize(Engine, Stream)"/> does, if it was made of a given binary.</summary>
    /// <param name="engine">An Engine of the same version of this library and of the CLR, and with the same features, limits of modules and bounds checks.</param>
    /// <param name="artifact">Stands at the artifact's start; read to its end. Where it can seek, the artifact must be all that is left of it. Not closed.</param>
    /// <param name="binarySha256">The 32 bytes of the SHA-256 of the binary. An artifact that came under the name of another is whole, and yet other code.</param>
    /// <remarks><inheritdoc cref="Deserialize(Engine, ReadOnlyMemory{byte}, string)" path="/remarks"/></remarks>
    /// <exception cref="ArgumentException"><paramref name="binarySha256"/> is not of 32 bytes.</exception>
    /// <exception cref="ModuleLimitException">It was stored without a verdict, and a function breaks the limits of <see cref="EngineOptions.Trial"/> even without optimisation.</exception>
    /// <exception cref="CompilationTrialException">A function has to be tried in a child process first, and none could be started.</exception>
    /// <exception cref="ObjectDisposedException">The Engine is disposed.</exception>
    /// <exception cref="StoredModuleException">It is no stored module, is damaged, is for another version or other options, or was made of another binary.</exception>
    /// <exception cref="IOException">What the stream throws.</exception>
    public static Module DeserializeFor(Engine engine, Stream artifact, ReadOnlySpan<byte> binarySha256)
    {
        ArgumentNullException.ThrowIfNull(artifact);
        return binarySha256.Length == SHA256.HashSizeInBytes
            ? Load(engine, artifact, name: null, binarySha256)
            : throw new ArgumentException($"A SHA-256 has {SHA256.HashSizeInBytes} bytes, not {binarySha256.Length}.", nameof(binarySha256));
    }

    private static Module Load(Engine engine, Stream artifact, string? name, ReadOnlySpan<byte> binarySha256 = default)
    {
        ArgumentNullException.ThrowIfNull(engine);
        engine.ThrowIfDisposed();
        var stored = StoredModule.Read(artifact, IdentityOf(engine));
        if (!binarySha256.IsEmpty)
        {
            stored.ThrowIfNotOf(binarySha256);
        }

        var limits = engine.Options.ModuleLimits;
        var validated = ValidatedModule.FromStored(ModuleDecoder.Decode(stored.Binary, engine.Options.Features, limits), limits);
        return Begin(new Module(engine, new ModuleParts(validated, stored.Code, stored.Verdict, stored.Profile), name ?? stored.Name), CancellationToken.None);
    }

    private StoredModule Stored() => new(Name, Syntax.Binary, _compiled, Verdict, [.. FunctionsRun]);

    // Whatever the image depends on. The image names members of this very assembly, so its own identity is the one that tells versions apart.
    private static string IdentityOf(Engine engine)
    {
        var assembly = typeof(Module).Assembly;
        var version = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? assembly.GetName().Version?.ToString();
        return $"engine {version} {assembly.ManifestModule.ModuleVersionId:N}; {RuntimeInformation.FrameworkDescription} {RuntimeInformation.RuntimeIdentifier}; "
            + $"features {engine.Options.Features}; {(engine.UsesGuardPages ? "guard pages" : "explicit checks")}{(engine.Options.OmitsInterruption ? ", no interruption" : "")}; {engine.Options.ModuleLimits}";
    }
}
