using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Xunit;

namespace HostService.Samples.IntegrationTests;

/// <summary>What a team tests of its functions: what they answer, how they fail, and that they end.</summary>
public sealed class OrdersTests(FunctionHost host) : IClassFixture<FunctionHost>, IAsyncLifetime
{
    private readonly HttpClient _client = host.CreateOperator();

    public async Task InitializeAsync()
    {
        await UploadAsync("orders", "trap.wasm");
        await UploadAsync("numeric", "numeric.wasm");
    }

    public Task DisposeAsync()
    {
        _client.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Order_OfFour_HasAUnitPrice() =>
        Assert.Equal("unit price: 25\n", await _client.GetStringAsync("/f/default/orders?total=100&quantity=4"));

    [Fact]
    public async Task Order_OfNothing_TrapsWhereItDivides()
    {
        using var response = await _client.GetAsync("/f/default/orders?total=100&quantity=0");

        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal("urn:hostservice:problem:trap", problem.GetProperty("type").GetString());
        Assert.Equal("divide", problem.GetProperty("trap").GetProperty("frames")[0].GetProperty("function").GetString());
    }

    [Fact]
    public async Task Function_ThatNeverReturns_IsEnded()
    {
        using var response = await _client.PostAsJsonAsync("/v1/modules/numeric/invoke/spin", new { });

        Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
    }

    [Fact]
    public async Task Metrics_CountWhatWasCalled()
    {
        await _client.GetStringAsync("/f/default/orders?total=100&quantity=4");

        Assert.Contains("faas_invoke_duration_seconds_count", await _client.GetStringAsync("/metrics"), StringComparison.Ordinal);
    }

    private async Task UploadAsync(string name, string file)
    {
        using var body = new ByteArrayContent(await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, file)));
        body.Headers.ContentType = new MediaTypeHeaderValue("application/wasm");
        using var response = await _client.PutAsync($"/v1/modules/{name}", body);
        response.EnsureSuccessStatusCode();
    }
}
