using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Xunit;

namespace HostService.Host.Integration;

/// <summary>Uploading, describing and removing modules.</summary>
[Collection(RunningHostCollection.Name)]
public class ModulesTests(RunningHost host)
{
    [Fact]
    public async Task Put_New_Answers201WithItsDetails()
    {
        var tenant = await host.NewTenantAsync();
        var before = DateTimeOffset.UtcNow.AddSeconds(-1);
        var binary = Wat.Binary(Wat.Identity);
        using var response = await tenant.PutAsync("m", binary);

        var details = await response.JsonAsync(201);
        Assert.Equal($"/v1/modules/m", response.Headers.Location?.ToString());
        Assert.Equal("m", details.GetProperty("name").GetString());
        Assert.Equal(1, details.GetProperty("version").GetInt32());
        Assert.Equal($"sha256:{Convert.ToHexStringLower(SHA256.HashData(binary))}", details.GetProperty("digest").GetString());
        Assert.Equal(binary.Length, details.GetProperty("sizeBytes").GetInt32());
        Assert.Equal("core", details.GetProperty("abi").GetString());
        Assert.False(details.GetProperty("public").GetBoolean());
        Assert.InRange(details.GetProperty("createdAt").GetDateTimeOffset(), before, DateTimeOffset.UtcNow.AddSeconds(1));
        var exports = details.GetProperty("exports").EnumerateArray().ToDictionary(export => export.GetProperty("name").GetString()!);
        Assert.Equal("""{"name":"several","kind":"func","params":["i32","f64"],"results":["i64","f32","i32"]}""", exports["several"].GetRawText());
        Assert.Equal("memory", exports["memory"].GetProperty("kind").GetString());
        Assert.Equal("global", exports["global"].GetProperty("kind").GetString());
        Assert.Equal(0, details.GetProperty("imports").GetArrayLength());
    }

    [Fact]
    public async Task Put_Command_IsOfThatAbiWithItsImports()
    {
        var tenant = await host.NewTenantAsync();
        var details = await tenant.UploadAsync("m", Wat.Print("x"));

        Assert.Equal("wasi-command", details.GetProperty("abi").GetString());
        Assert.Equal("""{"module":"wasi_snapshot_preview1","name":"fd_write","kind":"func"}""", details.GetProperty("imports")[0].GetRawText());
    }

    [Fact]
    public async Task Put_DigestsInTurn_MakeVersionsUnlessCurrent()
    {
        var tenant = await host.NewTenantAsync();
        var (first, second) = (Wat.Binary(Wat.Add), Wat.Binary(Wat.Spin));
        var seen = new List<(int, int)>();
        foreach (var binary in new[] { first, first, second, first })
        {
            using var response = await tenant.PutAsync("m", binary);
            seen.Add(((int)response.StatusCode, (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("version").GetInt32()));
        }

        // New; the current one again; another; the first again, which is an older one by now.
        Assert.Equal([(201, 1), (200, 1), (201, 2), (201, 3)], seen);
    }

    [Fact]
    public async Task Put_NewVersion_IsWhatCallsReachAndStaysPublic()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", Wat.Print("Content-Type: text/plain\n\none"));
        using var patched = await tenant.Deployer.PatchAsJsonAsync("/v1/modules/m", new { @public = true });
        await tenant.UploadAsync("m", Wat.Print("Content-Type: text/plain\n\ntwo"));
        using var client = host.Anonymous();

        Assert.Equal("two", await client.GetStringAsync($"/f/{tenant.Id}/m"));
    }

    [Fact]
    public async Task Put_InChunksWithoutALength_IsTaken()
    {
        var tenant = await host.NewTenantAsync();
        using var content = new StreamContent(new MemoryStream(Wat.Binary(Wat.Add)));
        using var request = new HttpRequestMessage(HttpMethod.Put, "/v1/modules/m") { Content = content, Headers = { TransferEncodingChunked = true } };
        using var response = await tenant.Deployer.SendAsync(request);

        Assert.Equal(201, (int)response.StatusCode);
    }

    [Fact]
    public async Task Get_Existing_AnswersWhatPutAnswered()
    {
        var tenant = await host.NewTenantAsync();
        var put = await tenant.UploadAsync("m", Wat.Identity);
        using var response = await tenant.Invoker.GetAsync("/v1/modules/m");

        Assert.Equal(put.GetRawText(), (await response.JsonAsync(200)).GetRawText());
    }

    [Fact]
    public async Task List_Modules_AreItemsByName()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("b", Wat.Add);
        await tenant.UploadAsync("a", Wat.Spin);
        using var response = await tenant.Invoker.GetAsync("/v1/modules");

        var items = (await response.JsonAsync(200)).GetProperty("items").EnumerateArray();
        Assert.Equal(["a", "b"], items.Select(item => item.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task Delete_Existing_Answers204AndIsGone()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", Wat.Add);
        using var deleted = await tenant.Deployer.DeleteAsync("/v1/modules/m");
        using var again = await tenant.Deployer.DeleteAsync("/v1/modules/m");
        using var read = await tenant.Deployer.GetAsync("/v1/modules/m");
        var (status, problem) = await tenant.InvokeAsync("m", "add", "{}");

        Assert.Equal(204, (int)deleted.StatusCode);
        await again.ProblemAsync(404, "module-not-found");
        await read.ProblemAsync(404, "module-not-found");
        Assert.Equal(404, status);
        problem.AssertProblem(404, "module-not-found");
    }

    [Fact]
    public async Task Delete_OneOfTwoHoldersOfABinary_LeavesTheOtherRunning()
    {
        var (one, other) = (await host.NewTenantAsync(), await host.NewTenantAsync());
        const string Wat42 = """(module (func (export "f") (result i32) (i32.const 42)))""";
        await one.UploadAsync("m", Wat42);
        await other.UploadAsync("n", Wat42);
        using var deleted = await one.Deployer.DeleteAsync("/v1/modules/m");
        var (_, answer) = await other.InvokeAsync("n", "f", "{}");

        Assert.Equal("[42]", answer.Results());
    }

    [Theory]
    [InlineData("")]
    [InlineData("no wasm")]
    [InlineData("\0asm\u0002\0\0\0")]
    public async Task Put_NoWebAssembly_Answers422WithTheOffset(string text)
    {
        var tenant = await host.NewTenantAsync();
        using var response = await tenant.PutAsync("m", System.Text.Encoding.Latin1.GetBytes(text));

        var problem = await response.ProblemAsync(422, "malformed-module");
        Assert.True(problem.GetProperty("offset").GetInt64() >= 0);
        using var read = await tenant.Invoker.GetAsync("/v1/modules/m");
        Assert.Equal(404, (int)read.StatusCode);
    }

    [Fact]
    public async Task Put_InvalidBody_Answers422WithFunctionAndOffset()
    {
        // (func (result i32)) with an empty body, which the text format's own tools would refuse to assemble.
        byte[] binary = [0, 0x61, 0x73, 0x6D, 1, 0, 0, 0, 1, 5, 1, 0x60, 0, 1, 0x7F, 3, 2, 1, 0, 10, 4, 1, 2, 0, 0x0B];
        var tenant = await host.NewTenantAsync();
        using var response = await tenant.PutAsync("m", binary);

        var problem = await response.ProblemAsync(422, "invalid-module");
        Assert.Equal(0, problem.GetProperty("function").GetInt32());
        Assert.Equal(24, problem.GetProperty("offset").GetInt64());
        Assert.Contains("type mismatch", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Put_ImportsThatNobodyOffers_Answers422NamingEach()
    {
        var tenant = await host.NewTenantAsync();
        using var response = await tenant.PutAsync("m", Wat.Binary("""
            (module
              (import "env" "first" (func))
              (import "wasi_snapshot_preview1" "fd_write" (func (param i32) (result i32)))
              (import "env" "second" (memory 1)))
            """));

        var imports = (await response.ProblemAsync(422, "unlinkable-module")).GetProperty("imports").EnumerateArray().Select(item => item.GetString()!).ToList();
        Assert.Equal(3, imports.Count);
        Assert.Contains("first", imports[0], StringComparison.Ordinal);
        Assert.Contains("fd_write", imports[1], StringComparison.Ordinal);
        Assert.Contains("second", imports[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Put_MoreMemoryThanThereIs_Answers422()
    {
        var tenant = await host.NewTenantAsync();
        using var response = await tenant.PutAsync("m", Wat.Binary("""(module (memory (export "memory") 4097))"""));

        var problem = await response.ProblemAsync(422, "unsupported-module");
        Assert.Contains("4097", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(module (memory 2048) (memory 2049))", "4097 pages")]
    [InlineData("(module (table 600000 funcref) (table 400001 externref))", "1000001 table elements")]
    public async Task Put_MoreThanAnInvocationMayHave_Answers422(string wat, string named)
    {
        var tenant = await host.NewTenantAsync();
        using var response = await tenant.PutAsync("m", Wat.Binary(wat));

        var problem = await response.ProblemAsync(422, "unsupported-module");
        Assert.Contains(named, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Put_StartWithParameters_Answers422()
    {
        var tenant = await host.NewTenantAsync();
        using var response = await tenant.PutAsync("m", Wat.Binary("""(module (func (export "_start") (param i32)))"""));

        await response.ProblemAsync(422, "unsupported-module");
    }

    [Fact]
    public async Task Initialize_OfACoreModule_RunsFirstInEachInstance()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", """
            (module
              (global $count (mut i32) (i32.const 0))
              (func (export "_initialize") (global.set $count (i32.add (global.get $count) (i32.const 10))))
              (func (export "next") (result i32) (global.set $count (i32.add (global.get $count) (i32.const 1))) (global.get $count)))
            """);

        // A second call sees nothing of the first.
        foreach (var _ in Enumerable.Range(0, 2))
        {
            var (_, answer) = await tenant.InvokeAsync("m", "next", "{}");
            Assert.Equal("[11]", answer.Results());
        }
    }

    [Fact]
    public async Task Patch_WithoutPublic_Answers400()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", Wat.Add);
        using var response = await tenant.Deployer.PatchAsJsonAsync("/v1/modules/m", new { });

        await response.ProblemAsync(400, "bad-request");
    }

    [Fact]
    public async Task Put_SameBinaryManyTimesAtOnce_CompilesItOnceAndMakesOneVersionEach()
    {
        var tenant = await host.NewTenantAsync();
        var binary = Wat.Binary("""(module (func (export "once") (result i32) (i32.const 7)))""");
        var responses = await Task.WhenAll(Enumerable.Range(0, 16).Select(number => tenant.PutAsync($"m{number % 4}", binary)));

        // Of those with the same name one came first.
        Assert.Equal(4, responses.Count(response => (int)response.StatusCode == 201));
        Assert.Equal(12, responses.Count(response => (int)response.StatusCode == 200));
        Array.ForEach(responses, response => response.Dispose());
    }
}
