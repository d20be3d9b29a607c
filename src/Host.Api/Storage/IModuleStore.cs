namespace HostService.Host.Storage;

/// <summary>Modules: what is known about them, and their binaries.</summary>
/// <remarks>
/// Thread-safe. When a method that writes returns, what it wrote survives a crash of the process and of the machine; a crash before that leaves the state of
/// before. A binary exists exactly as long as a version refers to it. Methods that write, artifacts aside, throw <see cref="StorageUnavailableException"/> when the disk refuses.
/// </remarks>
public interface IModuleStore
{
    /// <summary>Every module of every tenant, the most recently used first.</summary>
    Task<IReadOnlyList<StoredModule>> ListAllAsync(CancellationToken cancellationToken);

    /// <summary>The modules of a tenant, by name.</summary>
    Task<IReadOnlyList<StoredModule>> ListAsync(string tenant, CancellationToken cancellationToken);

    /// <summary>A module of a tenant, or null.</summary>
    Task<StoredModule?> FindAsync(string tenant, string name, CancellationToken cancellationToken);

    /// <summary>Takes in a binary that is not part of the store yet; it disappears with the returned object unless a version is added with it.</summary>
    /// <param name="source">Where it comes from, read to its end.</param>
    /// <param name="maxBytes">The most bytes it may have.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="BinaryTooLargeException">It has more bytes than that.</exception>
    Task<StagedBinary> StageAsync(Stream source, long maxBytes, CancellationToken cancellationToken);

    /// <summary>Makes a staged binary the current version of a module, and the module itself when it doesn't exist.</summary>
    /// <returns>The module, and whether anything changed: nothing does when that digest is already the current version.</returns>
    /// <exception cref="InvalidOperationException">The tenant doesn't exist.</exception>
    Task<(StoredModule Module, bool Created)> AddVersionAsync(string tenant, string name, StagedBinary binary, VersionDescription description, CancellationToken cancellationToken);

    /// <summary>Changes what is set about a module.</summary>
    /// <returns>The module, or null when there is none.</returns>
    Task<StoredModule?> ChangeAsync(string tenant, string name, ModuleChange change, CancellationToken cancellationToken);

    /// <summary>Removes a module with all of its versions.</summary>
    /// <returns>False when there is none.</returns>
    Task<bool> DeleteAsync(string tenant, string name, CancellationToken cancellationToken);

    /// <summary>Notes when modules were last used. Those that no longer exist are skipped.</summary>
    Task NoteUseAsync(IReadOnlyCollection<ModuleUse> uses, CancellationToken cancellationToken);

    /// <summary>The bytes of a binary, checked against their digest.</summary>
    /// <exception cref="CorruptBinaryException">They are missing or are not what was stored.</exception>
    Task<ReadOnlyMemory<byte>> ReadBinaryAsync(Digest digest, CancellationToken cancellationToken);

    /// <summary>Whether some version refers to a binary.</summary>
    bool HasBinary(Digest digest);

    /// <summary>Opens the compiled code that was kept for a binary. What it says is for the caller to check, and the stream for the caller to close.</summary>
    /// <returns>A stream that can seek and stands at the start of the code, of which all that is left is the code; null when none is kept.</returns>
    /// <exception cref="InvalidDataException">What is there was not written by this store for this binary.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    Task<Stream?> FindArtifactAsync(Digest digest, CancellationToken cancellationToken);

    /// <summary>Whether something is kept for a binary, of whatever content.</summary>
    bool HasArtifact(Digest digest);

    /// <summary>Keeps compiled code for a binary, in place of what was kept before, and no longer than the binary. It may be lost in a crash.</summary>
    /// <param name="digest">Which binary.</param>
    /// <param name="write">Writes it, from start to end, on a thread where that may take its time.</param>
    /// <param name="cancellationToken">Ends the waiting for a turn.</param>
    /// <returns>How many bytes were written; null when no version refers to the binary, and nothing is kept then.</returns>
    /// <exception cref="IOException">It can't be written; what was kept before is still there.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    Task<long?> KeepArtifactAsync(Digest digest, Action<Stream> write, CancellationToken cancellationToken);
}

/// <summary>What the host has found out about a binary.</summary>
/// <param name="Abi">How it is called.</param>
/// <param name="Exports">What it offers.</param>
/// <param name="Imports">What it asks for.</param>
/// <param name="CreatedAt">When it was uploaded.</param>
public sealed record VersionDescription(
    ModuleAbi Abi, System.Collections.Immutable.ImmutableArray<StoredExport> Exports, System.Collections.Immutable.ImmutableArray<StoredImport> Imports, DateTimeOffset CreatedAt);

/// <summary>What to change about a module; what is null stays as it is.</summary>
/// <param name="IsPublic">Whether it answers over HTTP without a key.</param>
/// <param name="CoreDumps">Whether its traps leave core dumps.</param>
public sealed record ModuleChange(bool? IsPublic = null, CoreDumpChoice? CoreDumps = null);

/// <summary>When a module was last used.</summary>
public sealed record ModuleUse(string Tenant, string Name, DateTimeOffset At);
