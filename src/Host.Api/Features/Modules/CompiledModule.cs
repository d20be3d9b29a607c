using System.Collections.Frozen;
using System.Collections.Immutable;
using HostService.Host.Features.Invocations;
using HostService.Host.Storage;
using HostService.Runtime;
using HostService.Runtime.Types;

namespace HostService.Host.Features.Modules;

/// <summary>A module that is ready to run: compiled, linked, and described as far as a call needs it. Shared by every tenant that uploaded the same binary.</summary>
internal sealed class CompiledModule : IDisposable
{
    /// <summary>The export that makes a module a command.</summary>
    public const string Start = "_start";

    /// <summary>The export of other modules that is called first in each instance, as WASI says.</summary>
    public const string Initializer = "_initialize";

    private const string WasiModule = "wasi_snapshot_preview1";

    private long _artifactBytes = -1;

    /// <summary>Describes a module.</summary>
    /// <param name="pre">The module, linked.</param>
    /// <param name="origin">Where its code came from.</param>
    /// <param name="readyAfter">How long it took until it could be called.</param>
    public CompiledModule(InstancePre pre, CodeOrigin origin, TimeSpan readyAfter)
    {
        (Pre, Origin, ReadyAfter) = (pre, origin, readyAfter);
        Optimization = pre.Module.Optimization is { } optimization ? new CodeOptimization(optimization) : null;
        var functions = pre.Module.Exports.Where(export => export.Type.Kind == ExternKind.Func).ToList();
        Functions = functions.ToFrozenDictionary(export => export.Name, export => new FunctionShape(export.Name, export.Type.Func!), StringComparer.Ordinal);
        Abi = Functions.ContainsKey(Start) ? ModuleAbi.WasiCommand : ModuleAbi.Core;
        HasInitializer = Abi == ModuleAbi.Core && Functions.TryGetValue(Initializer, out var initializer) && initializer.Type is { Parameters.IsEmpty: true, Results.IsEmpty: true };
        UsesWasi = pre.Module.Imports.Any(import => import.Module == WasiModule);
        Exports = [.. pre.Module.Exports.Select(Describe)];
        Imports = [.. pre.Module.Imports.Select(import => new StoredImport(import.Module, import.Name, KindOf(import.Type.Kind)))];
    }

    public InstancePre Pre { get; }

    public CodeOrigin Origin { get; }

    /// <summary>How long compiling or loading took, until the module could be called.</summary>
    public TimeSpan ReadyAfter { get; }

    /// <summary>How the background's work on it goes; null where modules have one code only.</summary>
    public CodeOptimization? Optimization { get; }

    /// <summary>The size of what is kept of its code on disk, or null while nothing is.</summary>
    public long? ArtifactBytes
    {
        get => Interlocked.Read(ref _artifactBytes) is >= 0 and var bytes ? bytes : null;
        set => Interlocked.Exchange(ref _artifactBytes, value ?? -1);
    }

    /// <summary>What the code that is kept on disk says of its trial compilation; it is written again when that becomes known.</summary>
    public CompilationVerdict? KeptVerdict { get; set; }

    /// <summary>How many functions the profile has in the code that is kept on disk; it is written again when more have run.</summary>
    public int KeptProfile { get; set; }

    /// <summary>Whether what is kept on disk says of its trial and its profile what is known now.</summary>
    public bool IsKeptAsKnown => KeptVerdict == Pre.Module.Verdict && KeptProfile >= Pre.Module.ProfiledFunctionCount;

    /// <summary>Whether it has functions that are compiled in a child process first.</summary>
    public bool IsTried => Pre.Module.SuspiciousFunctionCount > 0 && Pre.Module.Engine.Options.Trial is not null;

    public ModuleAbi Abi { get; }

    /// <summary>The exported functions, by name.</summary>
    public FrozenDictionary<string, FunctionShape> Functions { get; }

    /// <summary>Whether <c>_initialize</c> has to be called first in each instance.</summary>
    public bool HasInitializer { get; }

    /// <summary>Whether it imports anything of WASI, so that its Stores need a context for it.</summary>
    public bool UsesWasi { get; }

    public ImmutableArray<StoredExport> Exports { get; }

    public ImmutableArray<StoredImport> Imports { get; }

    /// <summary>Releases the code once the last Store that uses it is gone.</summary>
    public void Dispose() => Pre.Module.Dispose();

    private static StoredExport Describe(ExportType export) => new(
        export.Name,
        KindOf(export.Type.Kind),
        export.Type.Func?.Parameters.Select(type => type.ToString()!).ToImmutableArray(),
        export.Type.Func?.Results.Select(type => type.ToString()!).ToImmutableArray());

    private static string KindOf(ExternKind kind) => kind switch
    {
        ExternKind.Func => "func",
        ExternKind.Table => "table",
        ExternKind.Memory => "memory",
        ExternKind.Global => "global",
        _ => "tag",
    };
}
