using System.Globalization;
using System.Text;
using Xunit;

namespace HostService.Host.Integration;

/// <summary>Calls of core functions with numbers.</summary>
[Collection(RunningHostCollection.Name)]
public class InvokeNumbersTests(RunningHost host) : IAsyncLifetime
{
    private TestTenant _tenant = null!;

    public async Task InitializeAsync()
    {
        _tenant = await host.NewTenantAsync();
        await _tenant.UploadAsync("id", Wat.Identity);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    // i32 is signed, going in as a number or as a string of one, coming out as a number.
    [InlineData("i32", "5", "5")]
    [InlineData("i32", "\"5\"", "5")]
    [InlineData("i32", "-2147483648", "-2147483648")]
    [InlineData("i32", "2147483647", "2147483647")]
    [InlineData("i32", "2.0", "2")]
    [InlineData("i32", "1e3", "1000")]
    [InlineData("i32", "\"-1E2\"", "-100")]
    [InlineData("i32", "1.2500e+3", "1250")]
    [InlineData("i32", "12000e-3", "12")]
    [InlineData("i32", "0e999999999", "0")]
    [InlineData("i32", "7.0000000000000000000000000000000000000000", "7")]
    // i64 goes in as either and comes out as a string.
    [InlineData("i64", "5", "\"5\"")]
    [InlineData("i64", "\"9223372036854775807\"", "\"9223372036854775807\"")]
    [InlineData("i64", "9223372036854775807", "\"9223372036854775807\"")]
    [InlineData("i64", "-9223372036854775808", "\"-9223372036854775808\"")]
    [InlineData("i64", "9.223372036854775807e18", "\"9223372036854775807\"")]
    [InlineData("i64", "\"-92233720368547758080000000000000000000000e-22\"", "\"-9223372036854775808\"")]
    // f32 comes out as the shortest text that reads back as the same float.
    [InlineData("f32", "0.1", "0.1")]
    [InlineData("f32", "0.10000000149011612", "0.1")]
    [InlineData("f32", "16777217", "16777216")]
    [InlineData("f32", "\"3.4028235e38\"", "3.4028235E+38")]
    [InlineData("f32", "1e-45", "1E-45")]
    // Halfway between two floats but for the last digit, which a double can't hold: rounding twice would go down.
    [InlineData("f32", "1.00000005960464477540", "1.0000001")]
    [InlineData("f32", "\"NaN\"", "\"NaN\"")]
    [InlineData("f32", "\"Infinity\"", "\"Infinity\"")]
    [InlineData("f32", "\"-Infinity\"", "\"-Infinity\"")]
    [InlineData("f64", "0.1", "0.1")]
    [InlineData("f64", "\"1e308\"", "1E+308")]
    [InlineData("f64", "5e-324", "5E-324")]
    [InlineData("f64", "-0.0", "-0")]
    [InlineData("f64", "\"NaN\"", "\"NaN\"")]
    [InlineData("f64", "\"Infinity\"", "\"Infinity\"")]
    [InlineData("f64", "\"-Infinity\"", "\"-Infinity\"")]
    public async Task Number_ThereAndBack_IsWritten(string function, string given, string expected)
    {
        var (status, answer) = await _tenant.InvokeAsync("id", function, $$"""{"args":[{{given}}]}""");

        Assert.True(status == 200, answer.GetRawText());
        Assert.Equal($"[{expected}]", answer.Results());
    }

    [Theory]
    [InlineData("i32", "[2147483648]", "out of range for i32")]
    [InlineData("i32", "[-2147483649]", "out of range for i32")]
    [InlineData("i32", "[\"99999999999999999999999999999999\"]", "out of range for i32")]
    [InlineData("i32", "[1.5]", "fraction")]
    // More digits than a decimal of the framework has: it would round them away.
    [InlineData("i32", "[1.0000000000000000000000000000000000000001]", "fraction")]
    [InlineData("i64", "[\"9223372036854775806.99999999999999999999\"]", "fraction")]
    [InlineData("i64", "[1e-999999999]", "fraction")]
    [InlineData("i64", "[1e999999999]", "out of range for i64")]
    [InlineData("i64", "[\"-9223372036854775809\"]", "out of range for i64")]
    [InlineData("i64", "[\"18446744073709551617\"]", "out of range for i64")]
    [InlineData("i32", "[\"1-2\"]", "no decimal number")]
    [InlineData("i32", "[\"1e\"]", "no decimal number")]
    [InlineData("i32", "[\"1.\"]", "no decimal number")]
    [InlineData("i32", "[\".5\"]", "no decimal number")]
    [InlineData("i32", "[\"1e2e3\"]", "no decimal number")]
    [InlineData("i32", "[\"-\"]", "no decimal number")]
    [InlineData("f64", "[\"1-2\"]", "no decimal number")]
    [InlineData("f32", "[\"1.\"]", "no decimal number")]
    [InlineData("i32", "[\"\"]", "no decimal number")]
    [InlineData("i32", "[\"0x10\"]", "no decimal number")]
    [InlineData("i32", "[\" 1\"]", "no decimal number")]
    [InlineData("i32", "[\"+1\"]", "no decimal number")]
    [InlineData("i32", "[\"NaN\"]", "no decimal number")]
    [InlineData("i32", "[true]", "must be a number")]
    [InlineData("i32", "[null]", "must be a number")]
    [InlineData("i32", "[[1]]", "must be a number")]
    [InlineData("i32", "[]", "0 arguments")]
    [InlineData("i32", "[1,2]", "2 arguments")]
    [InlineData("i32", "[1,{\"a\":[2]}]", "2 arguments")]
    [InlineData("i64", "[9223372036854775808]", "out of range for i64")]
    [InlineData("i64", "[0.5]", "fraction")]
    [InlineData("f32", "[3.5e38]", "out of range for f32")]
    [InlineData("f32", "[\"nan\"]", "no decimal number")]
    [InlineData("f64", "[1e309]", "out of range for f64")]
    [InlineData("f64", "[\"1,5\"]", "no decimal number")]
    public async Task Arguments_ThatDoNotFit_Answer400SayingWhatIsTaken(string function, string args, string reason)
    {
        var (status, problem) = await _tenant.InvokeAsync("id", function, $$"""{"args":{{args}}}""");

        Assert.Equal(400, status);
        problem.AssertProblem(400, "bad-arguments");
        Assert.Contains(reason, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Contains($"{function} takes ({function}) and returns ({function})", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"args":[]}""")]
    [InlineData("""{"other":{"deep":[1,2]},"args":[]}""")]
    public async Task NoArguments_InAnyForm_CallTheFunction(string body)
    {
        var (status, answer) = await _tenant.InvokeAsync("id", "none", body);

        Assert.True(status == 200, answer.GetRawText());
        Assert.Equal("[]", answer.Results());
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("1")]
    [InlineData("{} {}")]
    [InlineData("""{"args":{}}""")]
    [InlineData("""{"args":[}""")]
    public async Task Body_ThatIsNoCall_Answers400(string body)
    {
        var (status, problem) = await _tenant.InvokeAsync("id", "none", body);

        Assert.Equal(400, status);
        problem.AssertProblem(400, "bad-arguments");
    }

    [Theory]
    [InlineData("i32", """{"args":["\ud800"]}""")]
    [InlineData("f64", """{"args":["\udc00\ud800"]}""")]
    [InlineData("none", """{"\ud800":1}""")]
    [InlineData("i32", "{\"args\":[\"\u00ff\"]}")]
    public async Task Text_ThatIsNoUnicode_Answers400(string function, string body)
    {
        // Each character is a byte, and one beyond ASCII alone is no UTF-8.
        using var content = new ByteArrayContent(Encoding.Latin1.GetBytes(body));
        using var response = await _tenant.Invoker.PostAsync($"/v1/modules/id/invoke/{function}", content);

        await response.ProblemAsync(400, "bad-arguments");
    }

    [Fact]
    public async Task Function_ThatExits_Answers502WithTheCode()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("exits", """
            (module
              (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
              (memory (export "memory") 1)
              (func (export "f") (result i32) (call $exit (i32.const 3)) (unreachable)))
            """);
        var (status, problem) = await tenant.InvokeAsync("exits", "f", "{}");

        Assert.Equal(502, status);
        problem.AssertProblem(502, "function-failed");
        Assert.Equal(3, problem.GetProperty("exitCode").GetInt32());
    }

    [Fact]
    public async Task Results_Several_ComeInOrder()
    {
        var (_, answer) = await _tenant.InvokeAsync("id", "several", """{"args":[7,"0.5"]}""");

        Assert.Equal("""["-1",0.1,7]""", answer.Results());
    }

    [Fact]
    public async Task Answer_Duration_IsInMilliseconds()
    {
        var (_, answer) = await _tenant.InvokeAsync("id", "none", "{}");

        Assert.InRange(answer.GetProperty("durationMs").GetDouble(), 0, 10_000);
    }

    [Theory]
    [InlineData("externref", "externref")]
    [InlineData("v128", "v128")]
    [InlineData("gives_v128", "v128")]
    public async Task Function_WithTypesThatJsonLacks_Answers400(string function, string type)
    {
        var (status, problem) = await _tenant.InvokeAsync("id", function, """{"args":[]}""");

        Assert.Equal(400, status);
        problem.AssertProblem(400, "bad-arguments");
        Assert.Contains(type, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Function_WhoseNameHasASlash_IsCalledWithTheSlashEncoded()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("slashes", """(module (func (export "a/b c") (result i32) (i32.const 1)) (func (export "a%2Fb") (result i32) (i32.const 2)))""");
        var (_, slash) = await tenant.InvokeAsync("slashes", "a%2Fb%20c", "{}");
        var (_, escaped) = await tenant.InvokeAsync("slashes", "a%252Fb", "{}");

        Assert.Equal(("[1]", "[2]"), (slash.Results(), escaped.Results()));
    }

    [Theory]
    [InlineData("absent")]
    [InlineData("memory")]
    [InlineData("global")]
    public async Task Function_ThatIsNone_Answers404(string function)
    {
        var (status, problem) = await _tenant.InvokeAsync("id", function, "{}");

        Assert.Equal(404, status);
        problem.AssertProblem(404, "function-not-found");
    }

    [Fact]
    public async Task Number_EveryFloatThatRoundTrips_DoesSoOverHttp()
    {
        var random = new Random(1);
        foreach (var _ in Enumerable.Range(0, 50))
        {
            var number = BitConverter.Int32BitsToSingle(random.Next());
            if (float.IsFinite(number))
            {
                var (_, answer) = await _tenant.InvokeAsync("id", "f32", $$"""{"args":[{{number.ToString("R", CultureInfo.InvariantCulture)}}]}""");
                Assert.Equal(number, answer.GetProperty("results")[0].GetSingle());
            }
        }
    }
}
