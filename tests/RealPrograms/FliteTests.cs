using Xunit;

namespace HostService.RealPrograms;

/// <summary>A C program of 21 MB, mostly data, that writes a file into its own in-memory root.</summary>
[Collection(RunningServiceCollection.Name)]
public class FliteTests(RunningService service)
{
    [Theory]
    [InlineData("hello world", "pau hh ax l ow w er l d pau \n")]
    [InlineData("The quick brown fox", "pau dh ax k w ih k b r aw n f aa k s pau \n")]
    public async Task Phonemes_OfASentence_ArePrinted(string sentence, string phonemes)
    {
        await service.Client.UploadAsync("flite", Programs.Flite());

        var answer = await service.Client.InvokeAsync("flite", "_start", new { args = new[] { "-t", sentence, "-ps", "-o", "/o.wav" } });

        Assert.Equal("", answer.GetProperty("stderr").GetString());
        Assert.Equal(0, answer.GetProperty("exitCode").GetInt32());
        Assert.Equal(phonemes, answer.GetProperty("stdout").GetString());
    }
}
