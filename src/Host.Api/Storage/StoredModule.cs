using System.Collections.Immutable;

namespace HostService.Host.Storage;

/// <summary>A module as its tenant named it, with its current version.</summary>
/// <param name="Tenant">Whose it is.</param>
/// <param name="Name">Its name, unique within the tenant.</param>
/// <param name="IsPublic">Whether it answers over HTTP without a key.</param>
/// <param name="CoreDumps">Whether its traps leave core dumps.</param>
/// <param name="LastUsedAt">When it was last called or uploaded, to within seconds.</param>
/// <param name="Current">The version that calls reach.</param>
public sealed record StoredModule(string Tenant, string Name, bool IsPublic, CoreDumpChoice CoreDumps, DateTimeOffset LastUsedAt, StoredVersion Current);

/// <summary>An immutable version of a module.</summary>
/// <param name="Version">Counts from 1 within the module.</param>
/// <param name="Digest">What the binary is kept under.</param>
/// <param name="SizeBytes">The length of the binary.</param>
/// <param name="Abi">How it is called.</param>
/// <param name="Exports">What it offers, in order.</param>
/// <param name="Imports">What it asks for, in order.</param>
/// <param name="CreatedAt">When it was uploaded.</param>
public sealed record StoredVersion(
    int Version, Digest Digest, long SizeBytes, ModuleAbi Abi, ImmutableArray<StoredExport> Exports, ImmutableArray<StoredImport> Imports, DateTimeOffset CreatedAt);

/// <summary>One export.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">The text format's word: <c>func</c>, <c>table</c>, <c>memory</c>, <c>global</c> or <c>tag</c>.</param>
/// <param name="Params">The types of a function's parameters; null for other kinds.</param>
/// <param name="Results">The types of a function's results; null for other kinds.</param>
public sealed record StoredExport(string Name, string Kind, ImmutableArray<string>? Params, ImmutableArray<string>? Results);

/// <summary>One import.</summary>
/// <param name="Module">The first of its two names.</param>
/// <param name="Name">The second of its two names.</param>
/// <param name="Kind">The text format's word, as for exports.</param>
public sealed record StoredImport(string Module, string Name, string Kind);
