using HostService.Runtime.Interpretation;
using Xunit;

namespace HostService.Runtime.Tests.Interpretation;

/// <summary>Steps take no more memory than a module may have for them; what comes later runs compiled, and all of it is counted.</summary>
public sealed class StepMemoryBoundTests
{
    private const string Text = """
        (module
          (func (export "first") (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
          (func (export "second") (param i32) (result i32) (call $inner (local.get 0)))
          (func $inner (param i32) (result i32) (i32.mul (local.get 0) (i32.const 3))))
        """;

    [Fact]
    public void Functions_PastTheBound_RunCompiled()
    {
        using var guest = new InterpretedGuest(Text);
        Assert.Equal(6, guest.Call("first", Value.FromI32(5))[0].I32);
        var bytes = guest.Instance.Module.GetStatistics().InterpreterBytes;
        guest.Interpreter.MaxStepBytes = 1;

        Assert.Equal(15, guest.Call("second", Value.FromI32(5))[0].I32);

        Assert.Equal([FunctionMode.Interpreted, FunctionMode.Compiled, FunctionMode.Untranslated], guest.Modes);
        Assert.Equal(6, guest.Call("first", Value.FromI32(5))[0].I32);
        Assert.Equal(bytes, guest.Instance.Module.GetStatistics().InterpreterBytes);
    }

    [Fact]
    public void Function_ThatWouldPassTheBound_RunsCompiled()
    {
        using var guest = new InterpretedGuest($"""(module (func (export "f") (param i32) (result i32) {string.Concat(Enumerable.Repeat("(local.set 0 (i32.mul (local.get 0) (local.get 0)))", 1_000))} (local.get 0)))""");
        guest.Interpreter.MaxStepBytes = 8_000;

        Assert.Equal(1, guest.Call("f", Value.FromI32(1))[0].I32);

        Assert.Equal([FunctionMode.Compiled], guest.Modes);
        Assert.InRange(guest.Instance.Module.GetStatistics().InterpreterBytes, 1, 100);
    }

    [Fact]
    public void Statistics_OfAModuleThatIsNotInterpreted_CountNothing()
    {
        using var engine = new Engine();
        using var module = Module.Compile(engine, Support.Wat.ToBinary(Text));
        Assert.Equal(0, module.GetStatistics().InterpreterBytes);
    }
}
