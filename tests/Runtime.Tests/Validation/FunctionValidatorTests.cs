using HostService.Runtime.Errors;
using HostService.Runtime.Syntax;
using HostService.Runtime.Validation;
using Xunit;

namespace HostService.Runtime.Tests.Validation;

public class FunctionValidatorTests
{
    [Fact]
    public void Step_EachInstruction_ShowsOperandsAndFrames()
    {
        // (func (block (result i32) (i64.const 1) (i64.eqz)) (drop))
        var validator = Modules.Validate(Modules.OneFunction(0x02, 0x7F, 0x42, 0x01, 0x50, 0x0B, 0x1A, 0x0B)).CreateFunctionValidator();
        List<string> seen = [];
        var reader = validator.Begin(new FuncIndex(0));
        Instruction instruction = default;
        while (reader.Read(ref instruction))
        {
            validator.Step(in instruction);
            seen.Add($"{instruction} [{string.Join(' ', validator.Operands.Types.ToArray())}] {validator.FrameCount}");
        }

        Assert.Equal(["block [] 2", "i64.const [i64] 2", "i64.eqz [i32] 2", "end [i32] 1", "drop [] 1", "end [] 0"], seen);
        Assert.True(validator.IsFinished);
    }

    [Fact]
    public void Frame_OpenBlocks_SayTheirTypesHeightsAndReachability()
    {
        // (func (i32.const 1) (loop (param i32) (result f32) (unreachable …
        var types = Modules.Section(1, Modules.Vector([0x60, 0, 0], [0x60, 1, 0x7F, 1, 0x7D]));
        var binary = Modules.Of(types, Modules.Section(3, 1, 0), Modules.Code([[0, 0x41, 1, 0x03, 1, 0x00, 0x0B, 0x1A, 0x0B]]));
        var validator = Modules.Validate(binary).CreateFunctionValidator();
        Run(validator, steps: 3);
        ref readonly var loop = ref validator.Frame(0);
        Assert.Equal((Op.Loop, 0, true), (loop.Op, loop.Height, loop.IsUnreachable));
        Assert.Equal("i32 / f32 / i32", $"{loop.StartTypes[0]} / {loop.EndTypes[0]} / {loop.LabelTypes[0]}");
        Assert.Equal((Op.Block, false), (validator.Frame(1).Op, validator.Frame(1).IsUnreachable));
        Assert.Equal(0, validator.Operands.Count);
    }

    [Fact]
    public void Facts_AfterTheLastEnd_AreThoseOfTheFunction()
    {
        // Three locals; (loop (drop (i32.add (i32.const 1) (i32.const 2)))) (call 0)
        byte[] body = [2, 1, 0x7F, 2, 0x7C, 0x03, 0x40, 0x41, 1, 0x41, 2, 0x6A, 0x1A, 0x0B, 0x10, 0, 0x0B];
        var module = Modules.Validate(Modules.Of(Modules.EmptyFuncType, Modules.Section(3, 1, 0), Modules.Code([body])));
        Assert.Equal(
            new FunctionFacts(LocalCount: 3, MaxOperands: 2, MaxFrames: 2, LastCall: module.Syntax.Bodies[0].Offset + body.Length - 3, HasCalls: true, HasLoops: true, HasHandlers: false),
            module.Facts(new FuncIndex(0)));
    }

    [Fact]
    public void Locals_ManyRuns_AreFoundByIndex()
    {
        // 100 × i32, 10,000 × i64, 1 × f64.
        var module = Modules.Validate(Modules.Of(
            Modules.EmptyFuncType, Modules.Section(3, 1, 0), Modules.Code([[3, 100, 0x7F, .. Modules.Leb(10_000), 0x7E, 1, 0x7C, 0x0B]])));
        var validator = module.CreateFunctionValidator();
        validator.Begin(new FuncIndex(0));
        Assert.Equal(10_101, validator.Locals.Count);
        Assert.Equal(["i32", "i32", "i64", "i64", "f64"], new[] { 0, 99, 100, 10_099, 10_100 }.Select(index => validator.Locals[index].ToString()));
        Assert.Equal([100, 10_100, 10_101], validator.Locals.Runs.ToArray().Select(run => run.End));
    }

    [Fact]
    public void Step_WrongOperand_NamesFunctionOffsetAndBothTypes()
    {
        // (func (i64.const 1) (i32.eqz) (drop))
        var binary = Modules.OneFunction(0x42, 1, 0x45, 0x1A, 0x0B);
        var fault = Assert.Throws<InvalidModuleException>(() => Modules.Validate(binary));
        Assert.Equal("type mismatch: instruction requires [i32] but stack has [i64]", fault.Reason);
        Assert.Equal((0, binary.Length - 3), (fault.FunctionIndex, fault.Offset));
        Assert.StartsWith("func[0] +0x", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_ManyFaultyFunctions_NamesTheLowest()
    {
        // 20,000 functions of 20 bytes, more than one worker's share; all from number 7,001 on are wrong.
        byte[] right = [0, .. Enumerable.Repeat((byte)0x01, 18), 0x0B];
        byte[] wrong = [0, .. Enumerable.Repeat((byte)0x01, 17), 0x1A, 0x0B];
        var bodies = Enumerable.Range(0, 20_000).Select(index => index > 7_000 ? wrong : right).ToArray();
        var binary = Modules.Of(
            Modules.EmptyFuncType, Modules.Section(3, [.. Modules.Leb(bodies.Length), .. new byte[bodies.Length]]), Modules.Code(bodies));
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(7_001, Assert.Throws<InvalidModuleException>(() => Modules.Validate(binary)).FunctionIndex);
        }
    }

    [Fact]
    public void Step_ReferenceFromUnreachableCode_IsNoNumber()
    {
        // unreachable, ref.as_non_null gives a reference to nobody knows what; i32.eqz does not take it.
        Assert.Throws<InvalidModuleException>(() => Modules.Validate(Modules.OneFunction(0x00, 0xD4, 0x45, 0x1A, 0x0B)));
        Modules.Validate(Modules.OneFunction(0x00, 0xD4, 0xD1, 0x1A, 0x0B));
    }

    [Fact]
    public void Step_ManyInstructions_AllocatesNothing()
    {
        var body = Enumerable.Repeat<byte[]>([0x02, 0x40, 0x41, 1, 0x0D, 0, 0x0B, 0x41, 2, 0x1A], 10_000).SelectMany(bytes => bytes).Append((byte)0x0B);
        var validator = Modules.Validate(Modules.OneFunction([.. body])).CreateFunctionValidator();
        validator.Validate(new FuncIndex(0));
        var before = GC.GetAllocatedBytesForCurrentThread();
        validator.Validate(new FuncIndex(0));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1024);
    }

    private static void Run(FunctionValidator validator, int steps)
    {
        var reader = validator.Begin(new FuncIndex(0));
        Instruction instruction = default;
        for (var i = 0; i < steps && reader.Read(ref instruction); i++)
        {
            validator.Step(in instruction);
        }
    }
}
