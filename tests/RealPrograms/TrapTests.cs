using System.Net;
using System.Text.Json;
using Xunit;

namespace HostService.RealPrograms;

/// <summary>A C program with a bug: the trap names the C functions that led to it.</summary>
[Collection(RunningServiceCollection.Name)]
public class TrapTests(RunningService service)
{
    private static readonly string[] s_cFunctions = ["divide", "unit_price", "parse_order", "main"];

    [Fact]
    public async Task Order_WithQuantity_AnswersItsPrice()
    {
        await service.Client.UploadAsync("orders", Programs.Sample("trap"));

        var text = await service.Client.Http.GetStringAsync("/f/default/orders?total=100&quantity=4");

        Assert.Equal("unit price: 25\n", text);
    }

    [Fact]
    public async Task Order_WithoutQuantity_TrapNamesTheFunctionsInnermostFirst()
    {
        await service.Client.UploadAsync("orders", Programs.Sample("trap"));

        using var response = await service.Client.Http.GetAsync("/f/default/orders?total=100&quantity=0");

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync());
        Assert.Equal("urn:hostservice:problem:trap", problem.GetProperty("type").GetString());
        AssertDivisionByZero(problem.GetProperty("trap"));
    }

    [Fact]
    public async Task Order_AsCommand_TrapsTheSame()
    {
        await service.Client.UploadAsync("orders", Programs.Sample("trap"));

        var refused = await Assert.ThrowsAsync<HttpRequestException>(
            () => service.Client.InvokeAsync("orders", "_start", new { args = new[] { "total=7&quantity=0" } }));

        Assert.Contains("\"divide\"", refused.Message, StringComparison.Ordinal);
    }

    private static void AssertDivisionByZero(JsonElement trap)
    {
        Assert.Equal("integer_divide_by_zero", trap.GetProperty("code").GetString());
        Assert.Equal("integer divide by zero", trap.GetProperty("message").GetString());
        var frames = trap.GetProperty("frames").EnumerateArray().ToList();
        Assert.Equal(s_cFunctions, frames.Take(s_cFunctions.Length).Select(frame => frame.GetProperty("function").GetString()));
        Assert.All(frames, frame => Assert.Equal("orders", frame.GetProperty("module").GetString()));

        // The sample is built with -g and optimised: callers have their lines too.
        Assert.Equal(["/samples/trap/trap.c:18", "/samples/trap/trap.c:23", "/samples/trap/trap.c:36", "/samples/trap/trap.c:47"],
            frames.Take(s_cFunctions.Length).Select(frame => $"{frame.GetProperty("file").GetString()}:{frame.GetProperty("line").GetInt32()}"));

        // The innermost frame stands on the division itself: i32.div_s is one byte, 0x6D.
        var binary = Programs.Sample("trap");
        Assert.Equal(0x6D, binary[frames[0].GetProperty("offset").GetInt32()]);
    }
}
