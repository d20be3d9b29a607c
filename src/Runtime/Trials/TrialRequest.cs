using System.Globalization;
using HostService.Runtime.Execution.Code;
using HostService.Runtime.Types;

namespace HostService.Runtime.Trials;

/// <summary>What a child process is asked to compile. It goes through a pipe: a version, numbers, then the module as it is stored.</summary>
/// <param name="Optimize">Which of the two codes.</param>
/// <param name="Features">The Engine's features.</param>
/// <param name="ProcessorSeconds">After how many seconds of processor time the kernel ends the process.</param>
/// <param name="MemoryBytes">By how many bytes it may grow.</param>
/// <param name="Module">The module.</param>
internal sealed record TrialRequest(bool Optimize, WasmFeatures Features, long ProcessorSeconds, long MemoryBytes, StoredModule Module)
{
    /// <summary>The very build of this library: both sides must be the same.</summary>
    public static string Version { get; } = typeof(TrialRequest).Assembly.ManifestModule.ModuleVersionId.ToString("N", CultureInfo.InvariantCulture);

    /// <summary>Writes it.</summary>
    public async Task WriteAsync(Stream stream, CancellationToken cancellationToken)
    {
        using var header = new MemoryStream();
        using (var writer = new BinaryWriter(header))
        {
            writer.Write(Version);
            writer.Write(Optimize);
            writer.Write((long)Features);
            writer.Write(ProcessorSeconds);
            writer.Write(MemoryBytes);
            writer.Flush();
            await stream.WriteAsync(header.GetBuffer().AsMemory(0, (int)header.Length), cancellationToken).ConfigureAwait(false);
        }

        // On a thread of its own: a pipe takes as much as the child has read, and threads of the pool have requests to answer.
        await Task.Factory.StartNew(() => Module.Write(stream, Version), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
        await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads it.</summary>
    /// <returns>Null when it is of another version.</returns>
    /// <exception cref="EndOfStreamException">There is less than there should be.</exception>
    /// <exception cref="Errors.StoredModuleException">The module is not whole.</exception>
    public static TrialRequest? Read(Stream stream)
    {
        using var reader = new BinaryReader(stream, System.Text.Encoding.UTF8, leaveOpen: true);
        if (reader.ReadString() != Version)
        {
            return null;
        }

        var (optimize, features, seconds, bytes) = (reader.ReadBoolean(), (WasmFeatures)reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64());
        return new TrialRequest(optimize, features, seconds, bytes, StoredModule.Read(stream, Version));
    }
}
