using HostService.Host.Storage.Files;
using Microsoft.Extensions.Options;

namespace HostService.Host.Features.Tenants;

/// <summary>The operator's key: the configured one, or else one that is generated at first start and kept in the data directory.</summary>
internal sealed partial class OperatorKey(IOptions<HostServiceOptions> options, DataDirectory data, ILogger<OperatorKey> logger)
{
    public const string FileName = "operator.key";

    // Shorter ones could be guessed; 16 random characters can't.
    private const int ShortKey = 16;

    private KeyHash _hash;
    private bool _isSet;

    /// <summary>Finds or makes the key. Called once, before the first request.</summary>
    public void Load()
    {
        // Without the spaces around it, which a header would lose on its way.
        var key = options.Value.OperatorKey?.Trim();
        if (string.IsNullOrEmpty(key))
        {
            key = ReadOrGenerate(data.Combine(FileName));
        }
        else if (key.Length < ShortKey)
        {
            LogShortKey(ShortKey);
        }

        if (key.Length > ApiKeys.MaxKeyLength)
        {
            throw new OptionsValidationException(
                nameof(HostServiceOptions.OperatorKey), typeof(HostServiceOptions), [$"HostService__OperatorKey has more than {ApiKeys.MaxKeyLength} characters."]);
        }

        _hash = KeyHash.Of(key);
        _isSet = true;
    }

    public bool Matches(KeyHash presented) => _isSet && presented.FixedTimeEquals(in _hash);

    private string ReadOrGenerate(string path)
    {
        if (File.Exists(path))
        {
            LogReadKey(path);
            return File.ReadAllText(path).Trim() is { Length: > 0 } kept
                ? kept
                : throw Settings.Wrong($"HostService__OperatorKey is not set, and {path} is empty; without that file, a key is generated.");
        }

        var key = ApiKeys.Generate();
        Write(path, key);
        LogGeneratedKey(path);
        return key;
    }

    private static void Write(string path, string key)
    {
        // Whole or absent after a crash.
        var temporary = path + ".new";
        File.Delete(temporary);
        using (var file = OwnerOnlyFile.Create(temporary))
        {
            using (var writer = new StreamWriter(file, leaveOpen: true))
            {
                writer.Write(key + "\n");
            }

            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path);
        FolderFlush.Flush(Path.GetDirectoryName(path)!);
    }

    [LoggerMessage(100, LogLevel.Warning, "No operator key is configured; one was generated. It is in {Path}.")]
    private partial void LogGeneratedKey(string path);

    [LoggerMessage(101, LogLevel.Information, "No operator key is configured; the one in {Path} is used.")]
    private partial void LogReadKey(string path);

    [LoggerMessage(102, LogLevel.Warning, "The configured operator key has fewer than {Length} characters and may be guessed.")]
    private partial void LogShortKey(int length);
}
