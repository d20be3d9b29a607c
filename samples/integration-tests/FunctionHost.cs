using System.Net.Http.Headers;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;

namespace HostService.Samples.IntegrationTests;

/// <summary>The whole service in the tests' process, without a port, with a data directory of its own.</summary>
public sealed class FunctionHost : WebApplicationFactory<Program>
{
    private const string OperatorKey = "the-operator-of-these-tests";

    private readonly string _data = Directory.CreateTempSubdirectory("hostservice-sample-").FullName;

    /// <summary>A client with the operator's key.</summary>
    public HttpClient CreateOperator()
    {
        var client = CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", OperatorKey);
        return client;
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder) => builder
        .UseSetting("HostService:DataDirectory", _data)
        .UseSetting("HostService:OperatorKey", OperatorKey)
        .UseSetting("HostService:Limits:CpuMilliseconds", "500");

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }
}
