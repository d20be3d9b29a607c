using HostService.Runtime.Conformance.Running;
using HostService.Runtime.Conformance.Scripts;
using HostService.Support;
using Xunit;

namespace HostService.Runtime.Conformance;

/// <summary>Every kind of value and command that the schema lists, met by what it stands for and by what it doesn't.</summary>
public sealed class SchemaTests : IDisposable
{
    // Which references functions give, by the end of their names.
    private const string References = """
        (module
          (type $s (struct (field i32)))
          (type $a (array i8))
          (func $f)
          (elem declare func $f)
          (tag $t)
          (global (export "g") (mut i64) (i64.const -1))
          (global (export "g_i31") i31ref (ref.i31 (i32.const 3)))
          (func (export "null_any") (result anyref) (ref.null none))
          (func (export "null_func") (result funcref) (ref.null nofunc))
          (func (export "null_extern") (result externref) (ref.null noextern))
          (func (export "null_exn") (result exnref) (ref.null noexn))
          (func (export "any_i31") (result anyref) (ref.i31 (i32.const 7)))
          (func (export "any_struct") (result anyref) (struct.new $s (i32.const 7)))
          (func (export "any_array") (result anyref) (array.new_default $a (i32.const 7)))
          (func (export "extern_i31") (result externref) (extern.convert_any (ref.i31 (i32.const 7))))
          (func (export "func") (result funcref) (ref.func $f))
          (func (export "exn") (result exnref) (block $b (result exnref) (try_table (catch_all_ref $b) (throw $t)) (unreachable)))
          (func (export "extern") (param externref) (result externref) (local.get 0))
          (func (export "any") (param anyref) (result anyref) (local.get 0))
          (func (export "internalize") (param externref) (result anyref) (any.convert_extern (local.get 0)))
          (func (export "nulls") (param anyref eqref i31ref structref arrayref funcref externref exnref) (result i32)
            (i32.and
              (i32.and (i32.and (ref.is_null (local.get 0)) (ref.is_null (local.get 1))) (i32.and (ref.is_null (local.get 2)) (ref.is_null (local.get 3))))
              (i32.and (i32.and (ref.is_null (local.get 4)) (ref.is_null (local.get 5))) (i32.and (ref.is_null (local.get 6)) (ref.is_null (local.get 7)))))))
        """;

    private const string Numbers = """
        (module
          (func (export "i32") (param i32) (result i32) (local.get 0))
          (func (export "i64") (param i64) (result i64) (local.get 0))
          (func (export "f32") (param f32) (result f32) (local.get 0))
          (func (export "f64") (param f64) (result f64) (local.get 0))
          (func (export "v128") (param v128) (result v128) (local.get 0))
          (func (export "two") (result i32 v128) (i32.const 1) (v128.const f32x4 1 nan nan:0x600000 -nan)))
        """;

    private const string Effects = """
        (module
          (tag $t)
          (global $g (export "g") (mut i32) (i32.const 0))
          (func (export "throw") (throw $t))
          (func (export "recurse") (call 1))
          (func (export "count") (global.set $g (i32.add (global.get $g) (i32.const 1)))))
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("hostservice-schema-").FullName;
    private readonly string _references;
    private readonly string _numbers;
    private readonly string _effects;

    public SchemaTests() => (_references, _numbers, _effects) = (Write("references", References), Write("numbers", Numbers), Write("effects", Effects));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("null_any", "nullref nullfuncref nullexternref nullexnref nullcontref refnull", "anyref eqref structref arrayref i31ref i31refshared externref")]
    [InlineData("null_func", "nullfuncref refnull", "funcref")]
    [InlineData("null_extern", "nullexternref refnull", "externref anyref")]
    [InlineData("null_exn", "nullexnref refnull", "exnref")]
    [InlineData("any_i31", "anyref eqref i31ref i31refshared externref", "structref arrayref funcref exnref contref nullref refnull")]
    [InlineData("any_struct", "anyref eqref structref", "i31ref i31refshared arrayref funcref exnref contref refnull")]
    [InlineData("any_array", "anyref eqref arrayref", "i31ref structref funcref exnref contref refnull")]
    [InlineData("extern_i31", "externref", "funcref exnref nullexternref")]
    [InlineData("func", "funcref", "anyref externref eqref structref exnref contref nullfuncref refnull")]
    [InlineData("exn", "exnref", "anyref externref funcref eqref contref nullexnref refnull")]
    public void Reference_IsOfItsKinds_AndOfNoOther(string function, string kinds, string others)
    {
        var matching = kinds.Split(' ').Select(kind => Return(function, "", Kind(kind)));
        Assert.Empty(Run([_references, .. matching]).Failures);

        var failing = others.Split(' ').Select(kind => Return(function, "", Kind(kind))).ToList();
        Assert.Equal(failing.Count, Run([_references, .. failing]).Failed);
    }

    [Fact]
    public void HostReference_IsItself_AndNothingElse()
    {
        const string One = """{"type":"externref","value":"1"}""", Two = """{"type":"externref","value":"2"}""", AnyOne = """{"type":"anyref","value":"1"}""";

        Assert.Empty(Run(
            [_references, Return("extern", One, One), Return("any", AnyOne, AnyOne), Return("internalize", One, AnyOne), Return("any", AnyOne, Kind("anyref")), Return("extern", One, Kind("externref"))]).Failures);
        Assert.Equal(5, Run(
            [_references, Return("extern", One, Two), Return("extern", One, Kind("refnull")), Return("any", AnyOne, Kind("eqref")), Return("any", AnyOne, Kind("structref")), Return("any", AnyOne, Kind("i31ref"))]).Failed);
    }

    [Fact]
    public void Null_AsArgument_IsOneForEveryParameter()
    {
        string[] spelled = ["""{"type":"anyref","value":"null"}""", Kind("nullref"), Kind("refnull"), Kind("nullref"), Kind("nullref"), """{"type":"funcref","value":"null"}""", Kind("nullexternref"), """{"type":"exnref","value":"null"}"""];

        Assert.Empty(Run([_references, Return("nulls", string.Join(',', spelled), I32("1"))]).Failures);
    }

    [Theory]
    [InlineData("i32", "-1", "4294967295", "0")]
    [InlineData("i64", "-9223372036854775808", "9223372036854775808", "0")]
    [InlineData("f32", "2143289344", "nan:canonical", "2143289345")]
    [InlineData("f32", "4290772992", "nan:arithmetic", "2143289344")]
    [InlineData("f32", "2145386496", "nan:arithmetic", "nan:canonical")]
    [InlineData("f32", "2139095041", "2139095041", "nan:arithmetic")]
    [InlineData("f64", "18444492273895866368", "nan:canonical", "nan")]
    [InlineData("f64", "9221401712017801216", "nan:arithmetic", "nan:canonical")]
    [InlineData("f64", "9223372036854775808", "-9223372036854775808", "0")]
    public void Number_IsComparedBitForBit(string type, string argument, string expected, string wrong)
    {
        string Of(string value) => $$"""{"type":"{{type}}","value":"{{value}}"}""";

        Assert.Empty(Run([_numbers, Return(type, Of(argument), Of(expected)), Return(type, Of(argument), Either(Of(wrong), Of(expected)))]).Failures);
        Assert.Equal(2, Run([_numbers, Return(type, Of(argument), Of(wrong)), Return(type, Of(argument), Either(Of(wrong), Kind("refnull")))]).Failed);
    }

    [Theory]
    [InlineData("i8", "\"-1\",\"255\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\",\"10\",\"11\",\"12\",\"13\",\"14\",\"-128\"")]
    [InlineData("i16", "\"-1\",\"65535\",\"2\",\"3\",\"4\",\"5\",\"6\",\"-32768\"")]
    [InlineData("i32", "\"-1\",\"4294967295\",\"2\",\"-2147483648\"")]
    [InlineData("i64", "\"-1\",\"-9223372036854775808\"")]
    [InlineData("f32", "\"0\",\"2139095041\",\"2\",\"4290772992\"")]
    [InlineData("f64", "\"1\",\"18444492273895866368\"")]
    public void Vector_OfEachLaneType_GoesInAndComesOut(string lanes, string values)
    {
        string Of(string some) => $$"""{"type":"v128","lane_type":"{{lanes}}","value":[{{some}}]}""";
        var wrong = $"\"3\"{values[values.IndexOf(',', StringComparison.Ordinal)..]}";

        Assert.Empty(Run([_numbers, Return("v128", Of(values), Of(values))]).Failures);
        Assert.Equal(1, Run([_numbers, Return("v128", Of(values), Of(wrong))]).Failed);
    }

    [Fact]
    public void LanesOfAVector_MayBeAnyOfSeveralNaNs()
    {
        string Lanes(string last) => $$"""{"type":"v128","lane_type":"f32","value":["1065353216","nan:canonical","nan:arithmetic","{{last}}"]}""";

        Assert.Empty(Run([_numbers, Return("two", "", $"{I32("1")},{Lanes("nan:canonical")}")]).Failures);
        Assert.Equal(2, Run([_numbers, Return("two", "", $"{I32("1")},{Lanes("2143289344")}"), Return("two", "", I32("1"))]).Failed);
    }

    [Fact]
    public void Get_ReadsAnExportedGlobal() =>
        Assert.Empty(Run([_references, Assertion("assert_return", Get("g"), """{"type":"i64","value":"-1"}"""), Assertion("assert_return", Get("g_i31"), Kind("i31ref"))]).Failures);

    [Fact]
    public void Exception_ThatNobodyCatches_IsNoTrapAndNoExhaustion()
    {
        string Expect(string type, string function, string text = "") => $$"""{"type":"{{type}}","line":2,"action":{{Invoke(function)}},"text":"{{text}}"}""";

        Assert.Empty(Run([_effects, Expect("assert_exception", "throw"), Expect("assert_exhaustion", "recurse", "call stack exhausted")]).Failures);
        Assert.Equal(4, Run(
            [_effects, Expect("assert_exception", "recurse"), Expect("assert_exception", "count"), Expect("assert_trap", "throw"), Expect("assert_exhaustion", "throw")]).Failed);
    }

    [Fact]
    public void Suspension_NeverHappens_ButItsActionDoes() => Assert.Equal(
        1, Run([_effects, $$"""{"type":"assert_suspension","line":2,"action":{{Invoke("count")}},"text":"unhandled tag"}""", Assertion("assert_return", Get("g"), I32("1"))]).Failed);

    [Fact]
    public void Definition_IsInstantiatedAsOftenAsAsked_EachWithAStateOfItsOwn() => Assert.Empty(Run([
        """{"type":"module_definition","line":1,"name":"D","filename":"effects.wasm","module_type":"binary"}""",
        """{"type":"module_definition","line":2,"filename":"numbers.wasm","module_type":"binary"}""",
        """{"type":"module_instance","line":3,"instance":"A","module":"D"}""",
        """{"type":"module_instance","line":4,"instance":"B","module":"D"}""",
        """{"type":"module_instance","line":5}""",
        Return("i32", I32("5"), I32("5")),
        Action(Invoke("count", "A")),
        Assertion("assert_return", Get("g", "A"), I32("1")),
        Assertion("assert_return", Get("g", "B"), I32("0")),
    ]).Failures);

    [Fact]
    public void Instance_ThatCouldNotBeMade_IsNotTheOneBeforeIt() => Assert.Equal(4, Run([
        """{"type":"module","line":1,"name":"M","filename":"effects.wasm","module_type":"binary"}""",
        """{"type":"module_definition","line":2,"filename":"effects.wasm","module_type":"binary"}""",
        """{"type":"module_definition","line":3,"filename":"none.wat","module_type":"text"}""",
        """{"type":"module_instance","line":4,"instance":"M"}""",
        Action(Invoke("count", "M")),
        Action(Invoke("count")),
        """{"type":"register","line":7,"as":"m"}""",
    ]).Failed);

    [Fact]
    public void Thread_ThatNobodyWaitsFor_IsJudgedToo()
    {
        const string Thread = """{"type":"thread","line":2,"name":"T","commands":[{"type":"thread","line":3,"name":"inner","commands":[{"type":"wait","line":4,"thread":"nobody"}]}]}""";

        var failure = Assert.Single(Run([Thread]).Failures);
        Assert.Contains("nobody", failure, StringComparison.Ordinal);
        Assert.Contains("inner", failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Thread_WithTheNameOfOneThatRuns_IsRefused()
    {
        const string Thread = """{"type":"thread","line":2,"name":"T","commands":[]}""";

        Assert.Contains("runs already", Assert.Single(Run([Thread, Thread]).Failures), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(module (memory 1 1 shared) (func (drop (i32.atomic.load align=2 (i32.const 0)))))")]
    [InlineData("(module (func (result i64) (i64.add128 (i64.const 0) (i64.const 0) (i64.const 0) (i64.const 0))))")]
    [InlineData("(module (memory 1) (func (drop (memory.atomic.notify align=2 (i32.const 0) (i32.const 0)))))")]
    public void InvalidModules_OfAProposalAlone_AreKnownToBeOfIt(string text)
    {
        Write("invalid", text);

        Assert.Empty(Run(["""{"type":"assert_invalid","line":1,"filename":"invalid.wasm","module_type":"binary","text":""}"""]).Failures);
    }

    private static string Kind(string type) => $$"""{"type":"{{type}}"}""";

    private static string I32(string value) => $$"""{"type":"i32","value":"{{value}}"}""";

    private static string Either(params string[] values) => $$"""{"type":"either","values":[{{string.Join(',', values)}}]}""";

    private static string Invoke(string function, string? module = null, string arguments = "") =>
        $$"""{"type":"invoke",{{(module is null ? "" : $"\"module\":\"{module}\",")}}"field":"{{function}}","args":[{{arguments}}]}""";

    private static string Get(string global, string? module = null) => $$"""{"type":"get",{{(module is null ? "" : $"\"module\":\"{module}\",")}}"field":"{{global}}"}""";

    private static string Action(string action) => $$"""{"type":"action","line":2,"action":{{action}}}""";

    private static string Assertion(string type, string action, string expected) => $$"""{"type":"{{type}}","line":2,"action":{{action}},"expected":[{{expected}}]}""";

    private static string Return(string function, string arguments, string expected) => Assertion("assert_return", Invoke(function, null, arguments), expected);

    private string Write(string name, string text)
    {
        File.WriteAllBytes(Path.Combine(_folder, name + ".wasm"), Wat.ToBinary(text));
        return $$"""{"type":"module","line":1,"filename":"{{name}}.wasm","module_type":"binary"}""";
    }

    private ScriptResult Run(IEnumerable<string> commands)
    {
        var file = Path.Combine(_folder, "script.json");
        File.WriteAllText(file, $$"""{"source_filename":"script.wast","commands":[{{string.Join(",\n", commands)}}]}""");
        return ScriptRunner.Run(Script.TryLoad(_folder, file)!, new ScriptOptions());
    }
}
