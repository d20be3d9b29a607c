namespace HostService.Host.Features.CoreDumps;

/// <summary>A core dump on disk.</summary>
/// <param name="Path">The file.</param>
/// <param name="Id">Names it; ids ascend with time.</param>
/// <param name="Module">What trapped; null for dumps of earlier versions of the service.</param>
/// <param name="SizeBytes">How long it is.</param>
/// <param name="CreatedAt">When it was written.</param>
internal sealed record CoreDumpFile(string Path, string Id, string? Module, long SizeBytes, DateTimeOffset CreatedAt)
{
    private const int IdLength = 32;

    /// <summary>What a file is called, its extension left out. Names of modules have no character that a file's may not have.</summary>
    public static string NameOf(string id, string module) => $"{id}.{module}";

    /// <summary>Describes a file; null when it has just gone.</summary>
    public static CoreDumpFile? Find(string path)
    {
        try
        {
            var (file, name) = (new FileInfo(path), System.IO.Path.GetFileNameWithoutExtension(path));
            return name.Length < IdLength ? null : new CoreDumpFile(path, name[..IdLength], name.Length > IdLength + 1 ? name[(IdLength + 1)..] : null, file.Length, file.LastWriteTimeUtc);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }
}
