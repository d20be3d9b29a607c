using HostService.Host.Errors;
using HostService.Host.Features.Modules;
using HostService.Host.Features.Profiles;
using HostService.Runtime.Wasi.Preview1;
using HostService.Runtime;

namespace HostService.Host.Features.Invocations;

/// <summary>What is to be done with a fresh instance of a module.</summary>
/// <typeparam name="T">What comes of it.</typeparam>
internal abstract class Invocation<T>
{
    /// <summary>How it came to be.</summary>
    public abstract Trigger Trigger { get; }

    /// <summary>The export that it calls.</summary>
    public abstract string Function { get; }

    /// <summary>The profile that is to be taken of it, or null.</summary>
    public ProfileRecording? Profile { get; set; }

    /// <summary>What the guest sees of the world, or null when its module does not ask. Called on the guest's thread.</summary>
    public virtual WasiOptions? World(CompiledModule module, CancellationToken cancellationToken) =>
        module.UsesWasi ? WasiOptions.Default with { Cancellation = cancellationToken } : null;

    /// <summary>Checks that the invocation, which was made for one version of a module, can be one of another that took its place while it waited.</summary>
    /// <exception cref="ProblemException">That version has no such function.</exception>
    public abstract void CheckAgainst(CompiledModule module);

    /// <summary>Calls the guest. On the guest's thread.</summary>
    public abstract T Call(Instance instance);
}
