using HostService.Host.Features;
using Microsoft.AspNetCore.Builder;
using Xunit;

namespace HostService.Host.Tests.Features;

public class ListenAddressTests
{
    [Fact]
    public void Default_WithNothingConfigured_IsPort8080() => Assert.Equal("http://localhost:8080", UrlsWith());

    [Theory]
    [InlineData("--urls=http://127.0.0.1:1", "http://127.0.0.1:1")]
    [InlineData("--http_ports=1", null)]
    [InlineData("--https_ports=1", null)]
    [InlineData("--Kestrel:Endpoints:Web:Url=http://127.0.0.1:1", null)]
    public void Default_WithAnythingConfigured_StandsBack(string argument, string? expected) => Assert.Equal(expected, UrlsWith(argument));

    private static string? UrlsWith(params string[] arguments)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { Args = arguments });
        ((Microsoft.Extensions.Configuration.IConfigurationBuilder)builder.Configuration).Add(new Microsoft.Extensions.Configuration.CommandLine.CommandLineConfigurationSource { Args = arguments });
        builder.UseDefaultAddress();
        return builder.Configuration["urls"];
    }
}
