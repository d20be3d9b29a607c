using HostService.Host.Storage;

namespace HostService.Host.Features.Modules;

/// <summary>A module, as the API describes it.</summary>
/// <param name="Name">The name it was uploaded under.</param>
/// <param name="Version">The version that calls reach; counts from 1.</param>
/// <param name="Digest"><c>sha256:</c> and 64 hexadecimal digits.</param>
/// <param name="SizeBytes">The length of the binary.</param>
/// <param name="Abi"><c>core</c> or <c>wasi-command</c>.</param>
/// <param name="Public">Whether it answers over HTTP without a key.</param>
/// <param name="CoreDumps">Whether its traps leave core dumps: <c>on</c>, <c>off</c>, or <c>default</c>, as the service's settings say.</param>
/// <param name="Exports">What it offers.</param>
/// <param name="Imports">What it asks for.</param>
/// <param name="CreatedAt">When the version was uploaded.</param>
/// <param name="Code">The state of its code in this process.</param>
public sealed record ModuleDetails(
    string Name,
    int Version,
    string Digest,
    long SizeBytes,
    string Abi,
    bool Public,
    string CoreDumps,
    IReadOnlyList<ModuleDetails.Export> Exports,
    IReadOnlyList<ModuleDetails.Import> Imports,
    DateTimeOffset CreatedAt,
    CodeDetails Code)
{
    /// <summary>The details of a stored module and its code, which is null when it is not compiled.</summary>
    internal static ModuleDetails Of(StoredModule module, CompiledModule? code) => new(
        module.Name,
        module.Current.Version,
        module.Current.Digest.ToString(),
        module.Current.SizeBytes,
        module.Current.Abi == ModuleAbi.WasiCommand ? "wasi-command" : "core",
        module.IsPublic,
        module.CoreDumps.Word(),
        [.. module.Current.Exports.Select(export => new Export(export.Name, export.Kind, export.Params, export.Results))],
        [.. module.Current.Imports.Select(import => new Import(import.Module, import.Name, import.Kind))],
        module.Current.CreatedAt,
        CodeDetails.Of(code));

    /// <summary>One export.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Kind"><c>func</c>, <c>table</c>, <c>memory</c>, <c>global</c> or <c>tag</c>.</param>
    /// <param name="Params">The types of a function's parameters; null for other kinds.</param>
    /// <param name="Results">The types of a function's results; null for other kinds.</param>
    public sealed record Export(string Name, string Kind, IReadOnlyList<string>? Params, IReadOnlyList<string>? Results);

    /// <summary>One import.</summary>
    /// <param name="Module">The first of its two names.</param>
    /// <param name="Name">The second of its two names.</param>
    /// <param name="Kind">As for exports.</param>
    public sealed record Import(string Module, string Name, string Kind);
}
