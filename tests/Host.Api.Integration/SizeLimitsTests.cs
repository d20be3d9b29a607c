using Xunit;

namespace HostService.Host.Integration;

/// <summary>Each limit on what is sent, written and logged.</summary>
public class SizeLimitsTests(SmallHost host) : IClassFixture<SmallHost>
{
    private const string Print10000 = """
        (module
          (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
          (memory (export "memory") 2)
          (data (i32.const 100) "X: y\n\n")
          (func $print (param $from i32) (param $length i32)
            (i32.store (i32.const 0) (local.get $from)) (i32.store (i32.const 4) (local.get $length))
            (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 32))))
          (func (export "_start")
            (call $print (i32.const 100) (i32.const 6))
            (call $print (i32.const 1000) (i32.const 9994))
            MORE))
        """;

    [Fact]
    public async Task Output_AsMuchAsAllowed_IsAnswered()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", Print10000.Replace("MORE", "", StringComparison.Ordinal));
        var (_, answer) = await tenant.InvokeAsync("m", "_start", "{}");

        Assert.Equal(SmallHost.MaxOutputBytes, answer.GetProperty("stdout").GetString()!.Length);
        Assert.Equal(SmallHost.MaxOutputBytes - 6, (await tenant.Invoker.GetByteArrayAsync($"/f/{tenant.Id}/m")).Length);
    }

    [Fact]
    public async Task Output_OneByteMore_Answers502OrAborts()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", Print10000.Replace("MORE", "(call $print (i32.const 0) (i32.const 1))", StringComparison.Ordinal));
        var (status, problem) = await tenant.InvokeAsync("m", "_start", "{}");

        Assert.Equal(502, status);
        problem.AssertProblem(502, "output-too-large");
        await Assert.ThrowsAsync<HttpRequestException>(() => tenant.Invoker.GetByteArrayAsync($"/f/{tenant.Id}/m"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Request_TooLarge_Answers413(bool withLength)
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("id", Wat.Identity);
        await tenant.UploadAsync("echo", """
            (module
              (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
              (memory (export "memory") 1)
              (func (export "_start")
                (loop $again
                  (i32.store (i32.const 0) (i32.const 100)) (i32.store (i32.const 4) (i32.const 1000))
                  (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 32)))
                  (br_if $again (i32.load (i32.const 32))))))
            """);
        foreach (var (method, path) in new[] { (HttpMethod.Post, "/v1/modules/id/invoke/none"), (HttpMethod.Post, $"/f/{tenant.Id}/echo"), (HttpMethod.Patch, "/v1/modules/id") })
        {
            using var request = new HttpRequestMessage(method, path)
            {
                Content = new StringContent("{}" + new string(' ', SmallHost.MaxRequestBytes), null, "application/json"),
                Headers = { TransferEncodingChunked = !withLength },
            };
            using var response = await tenant.Deployer.SendAsync(request);

            var problem = await response.ProblemAsync(413, "request-too-large");
            Assert.Contains($"{SmallHost.MaxRequestBytes} bytes (HostService__Limits__MaxRequestBytes)", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Module_TooLarge_Answers413(bool withLength)
    {
        var tenant = await host.NewTenantAsync();
        using var request = new HttpRequestMessage(HttpMethod.Put, "/v1/modules/m")
        {
            Content = new ByteArrayContent(new byte[SmallHost.MaxModuleBytes + 1]),
            Headers = { TransferEncodingChunked = !withLength },
        };
        using var response = await tenant.Deployer.SendAsync(request);

        var problem = await response.ProblemAsync(413, "module-too-large");
        Assert.Contains($"{SmallHost.MaxModuleBytes} bytes (HostService__Limits__MaxModuleBytes)", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(host.DataDirectory, "incoming")));
    }

    [Fact]
    public async Task Module_LargerThanARequestMayBe_IsTaken()
    {
        // A custom section makes it as long as wanted.
        var padding = new string('x', SmallHost.MaxRequestBytes);
        var binary = Wat.Binary($$"""(module (func (export "f")) (@custom "padding" "{{padding}}"))""");
        Assert.InRange(binary.Length, SmallHost.MaxRequestBytes, SmallHost.MaxModuleBytes);
        var tenant = await host.NewTenantAsync();
        using var response = await tenant.PutAsync("m", binary);

        Assert.Equal(201, (int)response.StatusCode);
    }

    [Fact]
    public async Task Log_OfAGuestThatWritesTooMuch_IsCut()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", Wat.Print("X: y\n\n", standardError: new string('e', 90) + "\n" + new string('f', 500)));
        using var response = await tenant.Invoker.GetAsync($"/f/{tenant.Id}/m");

        await host.Log.WaitForAsync(entry => entry.RenderMessage(null).Contains("more than 100 bytes", StringComparison.Ordinal));
        Assert.DoesNotContain(new string('f', 11), host.Log.Everything(), StringComparison.Ordinal);
        Assert.Contains(new string('f', 10), host.Log.Everything(), StringComparison.Ordinal);
    }
}
