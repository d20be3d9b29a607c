using System.Security.Cryptography;
using Xunit;

namespace HostService.Host.Integration;

/// <summary>Whatever became of a module's stored code: the module answers, the log says what was wrong, and the code is stored again.</summary>
public sealed class ArtifactDamageTests : IDisposable
{
    // The store's own header, then the engine's: 8 bytes, format, zero and length of the content. The hash of both comes last.
    private const int StoreHeader = 40;
    private const int Content = StoreHeader + 24;
    private const int HashBytes = 32;

    private readonly string _data = Directory.CreateTempSubdirectory("hostservice-damage-").FullName;

    private static readonly Dictionary<string, Func<byte[], byte[], byte[]>> s_damages = new()
    {
        ["empty"] = (_, _) => [],
        ["cut in the store's header"] = (mine, _) => mine[..20],
        ["cut in the engine's header"] = (mine, _) => mine[..(StoreHeader + 30)],
        ["cut in the content"] = (mine, _) => mine[..(mine.Length / 2)],
        ["longer"] = (mine, _) => [.. mine, 0],
        ["flipped: what it is"] = (mine, _) => Flip(mine, 0),
        ["flipped: whose it is"] = (mine, _) => Flip(mine, 12),
        ["flipped: the engine's mark"] = (mine, _) => Flip(mine, StoreHeader),
        ["flipped: the format"] = (mine, _) => Flip(mine, StoreHeader + 8),
        ["flipped: the length"] = (mine, _) => Flip(mine, StoreHeader + 16),
        ["flipped: the hash"] = (mine, _) => Flip(mine, mine.Length - HashBytes),
        ["flipped: the content's first byte"] = (mine, _) => Flip(mine, Content),
        ["flipped: the content's last byte"] = (mine, _) => Flip(mine, mine.Length - HashBytes - 1),
        ["of another module"] = (_, other) => other,
        ["of another module, under this one's header"] = (mine, other) => [.. mine[..StoreHeader], .. other[StoreHeader..]],
        ["of another version of the engine"] = (mine, _) => OfAnotherVersion(mine),
        ["a binary"] = (_, _) => Wat.Binary(Wat.Add),
    };

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task Artifact_Unusable_IsIgnoredRebuiltAndReplaced()
    {
        // A module for each kind of damage, so that three starts do for all.
        string key;
        var files = new Dictionary<string, string>();
        await using (var first = await StartAsync())
        {
            var tenant = await first.NewTenantAsync();
            key = tenant.InvokerKey;
            foreach (var (damage, place) in s_damages.Keys.Select((damage, place) => (damage, place)))
            {
                files[damage] = PathOf((await tenant.UploadAsync($"m{place}", Text(place))).GetProperty("digest").GetString()!);
            }
        }

        var good = files.ToDictionary(file => file.Key, file => File.ReadAllBytes(file.Value));
        var foreign = good["empty"];
        foreach (var (damage, apply) in s_damages)
        {
            await File.WriteAllBytesAsync(files[damage], apply((byte[])good[damage].Clone(), foreign));
        }

        await using (var second = await StartAsync())
        {
            using var client = second.Client(key);
            foreach (var (damage, place) in s_damages.Keys.Select((damage, place) => (damage, place)))
            {
                Assert.Equal((damage, place), (damage, await CallAsync(client, place)));
                Assert.Equal((damage, "compilation"), (damage, (await client.CodeAsync($"m{place}")).Origin()));
                var said = await second.Log.WaitForAsync(entry =>
                    entry.MessageTemplate.Text.Contains("is not used", StringComparison.Ordinal) &&
                    entry.RenderMessage(null).Contains(Path.GetFileNameWithoutExtension(files[damage]), StringComparison.Ordinal));
                Assert.NotEqual("", said.Properties["Reason"].ToString().Trim('"'));
            }
        }

        await using var third = await StartAsync();
        using var again = third.Client(key);
        foreach (var (damage, place) in s_damages.Keys.Select((damage, place) => (damage, place)))
        {
            Assert.Equal((damage, place), (damage, await CallAsync(again, place)));
            Assert.Equal((damage, "artifact"), (damage, (await again.CodeAsync($"m{place}")).Origin()));
        }

        Assert.DoesNotContain("is not used", third.Log.Everything(), StringComparison.Ordinal);
    }

    private static string Text(int place) => $"""(module (func (export "f") (result i32) (i32.const {place})))""";

    private static byte[] Flip(byte[] bytes, int place)
    {
        bytes[place] ^= 1;
        return bytes;
    }

    // As that version would have written it: with the right hash. Its identity stands first in the content, after its length.
    private static byte[] OfAnotherVersion(byte[] bytes)
    {
        Flip(bytes, Content + sizeof(int) + "engine ".Length);
        SHA256.HashData(bytes.AsSpan(StoreHeader..^HashBytes), bytes.AsSpan(^HashBytes..));
        return bytes;
    }

    private static async Task<int> CallAsync(HttpClient client, int place)
    {
        using var content = new StringContent("{}", null, "application/json");
        using var answer = await client.PostAsync($"/v1/modules/m{place}/invoke/f", content);
        return (await answer.JsonAsync(200)).GetProperty("results")[0].GetInt32();
    }

    private string PathOf(string digest) => Path.Combine(_data, "compiled", digest["sha256:".Length..] + ".code");

    private async Task<RunningHost> StartAsync()
    {
        var host = new RunningHost(new Dictionary<string, string?>(), _data);
        await host.InitializeAsync();
        return host;
    }
}
