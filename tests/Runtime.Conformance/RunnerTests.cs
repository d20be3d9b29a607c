using System.Diagnostics;
using System.Text.Json;
using HostService.Runtime.Conformance.Reports;
using HostService.Runtime.Conformance.Running;
using HostService.Runtime.Conformance.Scripts;
using Xunit;

namespace HostService.Runtime.Conformance;

/// <summary>The runner judges: what it doesn't know fails, what is wrong fails, and it always comes to an end.</summary>
public sealed class RunnerTests : IDisposable
{
    // (module (func (export "f") (result i32) (i32.const 7)) (func (export "spin") (loop (br 0))) (func (export "trap") unreachable))
    private static readonly byte[] s_module =
    [
        0x00, 0x61, 0x73, 0x6D, 0x01, 0x00, 0x00, 0x00,
        0x01, 0x08, 0x02, 0x60, 0x00, 0x01, 0x7F, 0x60, 0x00, 0x00,
        0x03, 0x04, 0x03, 0x00, 0x01, 0x01,
        0x07, 0x13, 0x03, 0x01, 0x66, 0x00, 0x00, 0x04, 0x73, 0x70, 0x69, 0x6E, 0x00, 0x01, 0x04, 0x74, 0x72, 0x61, 0x70, 0x00, 0x02,
        0x0A, 0x12, 0x03, 0x04, 0x00, 0x41, 0x07, 0x0B, 0x07, 0x00, 0x03, 0x40, 0x0C, 0x00, 0x0B, 0x0B, 0x03, 0x00, 0x00, 0x0B,
    ];

    private const string Module = """{"type":"module","line":1,"filename":"m.wasm","module_type":"binary"}""";

    private readonly string _folder = Directory.CreateTempSubdirectory("hostservice-conformance-").FullName;

    public RunnerTests() => File.WriteAllBytes(Path.Combine(_folder, "m.wasm"), s_module);

    public static TheoryData<string, int> Commands => new()
    {
        // What passes.
        { """{"type":"assert_return","line":2,"action":{"type":"invoke","field":"f","args":[]},"expected":[{"type":"i32","value":"7"}]}""", 0 },
        { """{"type":"assert_return","line":2,"action":{"type":"invoke","field":"f","args":[]},"expected":[{"type":"either","values":[{"type":"i32","value":"6"},{"type":"i32","value":"7"}]}]}""", 0 },
        { """{"type":"assert_trap","line":2,"action":{"type":"invoke","field":"trap","args":[]},"text":"unreachable executed"}""", 0 },
        { """{"type":"thread","line":2,"name":"T","commands":[{"type":"module","line":3,"filename":"m.wasm","module_type":"binary"}]}, {"type":"wait","line":4,"thread":"T"}""", 0 },

        // What the schema doesn't list, and what can't be read.
        { """{"type":"assert_flying","line":2}""", 1 },
        { """{"line":2}""", 1 },
        { """17""", 1 },
        { """{"type":"action","line":2,"action":{"type":"set","field":"f"}}""", 1 },
        { """{"type":"assert_return","line":2,"action":{"type":"invoke","field":"f","args":[]},"expected":[{"type":"i31refs","value":"7"}]}""", 1 },
        { """{"type":"assert_return","line":2,"action":{"type":"invoke","field":"f","args":[]},"expected":[{"type":"i32","value":"seven"}]}""", 1 },
        { """{"type":"assert_return","line":2,"action":{"type":"invoke","field":"f","args":[{"type":"string","value":"x"}]},"expected":[]}""", 1 },
        { """{"type":"assert_return","line":2,"action":{"type":"invoke","field":"f","args":[]},"expected":[{"type":"record","value":[["a",{"type":"u8","value":"1"}]]}]}""", 1 },
        { """{"type":"module","line":2,"filename":"none.wasm","module_type":"binary"}""", 1 },

        // What is wrong.
        { """{"type":"assert_return","line":2,"action":{"type":"invoke","field":"f","args":[]},"expected":[{"type":"i32","value":"8"}]}""", 1 },
        { """{"type":"assert_return","line":2,"action":{"type":"invoke","field":"f","args":[]},"expected":[{"type":"i64","value":"7"}]}""", 1 },
        { """{"type":"assert_return","line":2,"action":{"type":"invoke","field":"f","args":[]},"expected":[]}""", 1 },
        { """{"type":"assert_return","line":2,"action":{"type":"invoke","field":"g","args":[]},"expected":[]}""", 1 },
        { """{"type":"assert_return","line":2,"action":{"type":"get","field":"f"},"expected":[]}""", 1 },
        { """{"type":"assert_trap","line":2,"action":{"type":"invoke","field":"f","args":[]},"text":"unreachable"}""", 1 },
        { """{"type":"assert_trap","line":2,"action":{"type":"invoke","field":"g","args":[]},"text":"unreachable"}""", 1 },
        { """{"type":"assert_trap","line":2,"action":{"type":"invoke","field":"trap","args":[]},"text":"integer overflow"}""", 1 },
        { """{"type":"assert_exception","line":2,"action":{"type":"invoke","field":"trap","args":[]}}""", 1 },
        { """{"type":"assert_suspension","line":2,"action":{"type":"invoke","field":"trap","args":[]},"text":"unhandled"}""", 1 },
        { """{"type":"assert_invalid","line":2,"filename":"m.wasm","module_type":"binary","text":"type mismatch"}""", 1 },
        { """{"type":"assert_malformed","line":2,"filename":"m.wasm","module_type":"binary","text":"magic"}""", 1 },
        { """{"type":"assert_malformed_custom","line":2,"filename":"m.wasm","module_type":"binary","text":"name"}""", 1 },
        { """{"type":"assert_unlinkable","line":2,"filename":"m.wasm","module_type":"binary","text":"unknown import"}""", 1 },
        { """{"type":"assert_uninstantiable","line":2,"filename":"m.wasm","module_type":"binary","text":"unreachable"}""", 1 },
        { """{"type":"register","line":2,"name":"nobody","as":"x"}""", 1 },
        { """{"type":"module_instance","line":2,"module":"nothing"}""", 1 },
        { """{"type":"wait","line":2,"thread":"T"}""", 1 },
        { """{"type":"thread","line":2,"name":"T","commands":[{"type":"assert_flying","line":3}]}, {"type":"wait","line":4,"thread":"T"}""", 1 },
    };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Commands))]
    public void Command_AfterAModule_IsJudged(string command, int failures) => Assert.Equal(failures, Run($"{Module}, {command}").Failed);

    [Fact]
    public void TextWithoutBinary_IsSkipped_AndNothingActsOnTheModuleBefore()
    {
        const string Text = """{"type":"module","line":2,"filename":"m.wat","module_type":"text"}""";
        const string Call = """{"type":"action","line":3,"action":{"type":"invoke","field":"f","args":[]}}""";

        var result = Run($"{Module}, {Text}, {Call}");

        Assert.Equal((1, 1, 1), (result.Passed, result.Failed, result.Skipped));
    }

    [Fact]
    public void Text_WithABinaryBesideIt_Runs() =>
        Assert.Equal(1, Run("""{"type":"module","line":2,"filename":"m.wat","module_type":"text","binary_filename":"m.wasm"}""").Passed);

    [Fact]
    public void Component_Fails_WhateverIsExpectedOfIt()
    {
        File.WriteAllBytes(Path.Combine(_folder, "c.wasm"), [0x00, 0x61, 0x73, 0x6D, 0x0D, 0x00, 0x01, 0x00]);

        var result = Run("""{"type":"assert_malformed","line":1,"filename":"c.wasm","module_type":"binary","text":""}""");

        Assert.Contains("component", Assert.Single(result.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public void GuestThatNeverReturns_IsEnded_AndTheRestOfTheScriptIsJudged()
    {
        var watch = Stopwatch.StartNew();
        const string Spin = """{"type":"action","line":2,"action":{"type":"invoke","field":"spin","args":[]}}""";

        var result = Run($"{Module}, {Spin}, {Spin}", new ScriptOptions { Timeout = TimeSpan.FromSeconds(1) });

        Assert.Equal((1, 2), (result.Passed, result.Failed));
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void Program_FolderOfScripts_ReportsEachByItsPathAndFailsWhenOneDoes()
    {
        var inner = Directory.CreateDirectory(Path.Combine(_folder, "inner")).FullName;
        File.WriteAllText(Path.Combine(_folder, "manifest.json"), """{"commands":{"module":1}}""");
        File.WriteAllText(Path.Combine(_folder, "good.json"), $$"""{"source_filename":"good.wast","commands":[{{Module}}]}""");
        File.WriteAllText(Path.Combine(inner, "bad.json"), """{"source_filename":"bad.wast","commands":[{"type":"nonsense","line":9}]}""");
        var report = Path.Combine(_folder, "report");

        Assert.Equal(1, Program.Main([_folder, "--json", report]));

        using var json = JsonDocument.Parse(File.ReadAllText(report));
        var root = json.RootElement;
        Assert.Equal((1, 1, 0), (root.GetProperty("passed").GetInt32(), root.GetProperty("failed").GetInt32(), root.GetProperty("skipped").GetInt32()));
        var scripts = root.GetProperty("scripts").EnumerateArray().ToDictionary(script => script.GetProperty("name").GetString()!);
        Assert.Equal(["good.json", "inner/bad.json"], scripts.Keys.Order(StringComparer.Ordinal));
        Assert.Contains("line 9", scripts["inner/bad.json"].GetProperty("failures")[0].GetString(), StringComparison.Ordinal);
        Assert.Equal(1, Program.Main([_folder, "--validate", "--timeout", "60"]));
    }

    [Fact]
    public void Program_OneScript_RunsItAlone()
    {
        File.WriteAllText(Path.Combine(_folder, "good.json"), $$"""{"source_filename":"good.wast","commands":[{{Module}}]}""");
        File.WriteAllText(Path.Combine(_folder, "bad.json"), """{"source_filename":"bad.wast","commands":[{"type":"nonsense","line":9}]}""");

        Assert.Equal(0, Program.Main([Path.Combine(_folder, "good.json")]));
        Assert.Equal(1, Program.Main([Path.Combine(_folder, "bad.json")]));
        Assert.Equal(2, Program.Main([Path.Combine(_folder, "none.json")]));
    }

    [Fact]
    public void Program_WithoutAFolder_SaysHowToUseIt() => Assert.Equal(2, Program.Main(["--json"]));

    [Fact]
    public void ConsoleReport_Failure_StandsUnderItsScript()
    {
        using var output = new StringWriter();

        ConsoleReport.Write(output, new ScriptResult("a/b.json", 3, 2, ["line 1: module: no"]));

        Assert.Equal($"a/b.json: 3 passed, 1 failed, 2 skipped{Environment.NewLine}    line 1: module: no{Environment.NewLine}", output.ToString());
    }

    private ScriptResult Run(string commands, ScriptOptions? options = null)
    {
        var file = Path.Combine(_folder, "script.json");
        File.WriteAllText(file, $$"""{"source_filename":"script.wast","commands":[{{commands}}]}""");
        return ScriptRunner.Run(Script.TryLoad(_folder, file)!, options ?? new ScriptOptions());
    }
}
