using HostService.Runtime.Interpretation;
using HostService.Runtime.Tests.Interpretation;
using HostService.Runtime.Tiering;
using Xunit;

namespace HostService.Runtime.Tests.Tiering;

/// <summary>Before a function is handed over, the code of what it calls and what has run is there.</summary>
public sealed class CalleesFirstTests
{
    private const string Text =
        """
        (module
          (import "host" "note" (func $note))
          (func $top (export "top") (param i32) (call $note) (call $middle (local.get 0)) (call $leaf))   ;; 0
          (func $middle (param i32) (call $leaf) (call $itself (i32.const 1))
            (if (local.get 0) (then (call $rare))))                                                       ;; 1
          (func $leaf (export "leaf"))                                                                    ;; 2
          (func $itself (param i32) (if (local.get 0) (then (call $itself (i32.const 0)))))               ;; 3
          (func $rare))                                                                                   ;; 4
        """;

    [Fact]
    public void Missing_OfAFunction_IsWhatItReachesAndHasRun()
    {
        using var guest = new InterpretedGuest(Text, linker => linker.DefineFunction("host", "note", () => { }));
        var callees = new CalleesFirst(guest.Instance.Module.Syntax, guest.Interpreter, []);

        guest.Call("top", Value.FromI32(0));
        Assert.Equal([0, 1, 2, 3], callees.Missing(0).Order());

        guest.Call("top", Value.FromI32(1));
        Assert.Equal([0, 1, 2, 3, 4], callees.Missing(0).Order());
        Assert.Equal([2], callees.Missing(2));
    }

    [Fact]
    public void Missing_OnceFunctionsRunCompiled_LeavesThemOut()
    {
        using var guest = new InterpretedGuest(Text, linker => linker.DefineFunction("host", "note", () => { }));
        var callees = new CalleesFirst(guest.Instance.Module.Syntax, guest.Interpreter, []);
        guest.Call("top", Value.FromI32(0));

        callees.UseCompiled([1, 2]);

        Assert.Equal([0], callees.Missing(0));
        Assert.Empty(callees.Missing(2));
        Assert.Equal([FunctionMode.Interpreted, FunctionMode.Compiled, FunctionMode.Compiled, FunctionMode.Interpreted, FunctionMode.Untranslated], guest.Modes);
    }

    [Fact]
    public void Missing_OfWhatCallsAnything_IsAllThatRanAndHasNoCode()
    {
        using var guest = new InterpretedGuest(Text, linker => linker.DefineFunction("host", "note", () => { }));
        var callees = new CalleesFirst(guest.Instance.Module.Syntax, guest.Interpreter, [1, 1, 1, 1, 0]);
        Assert.Equal([0, 1, 2, 3], callees.Missing());

        callees.UseCompiled([1, 3]);

        Assert.Equal([0, 2], callees.Missing());
    }

    [Fact]
    public void RanOften_AfterManyCalls_IsThatFunctionAndWhatItCalls()
    {
        using var guest = new InterpretedGuest(Text, linker => linker.DefineFunction("host", "note", () => { }));
        var callees = new CalleesFirst(guest.Instance.Module.Syntax, guest.Interpreter, [1, 1, 1, 1, 0]);
        guest.Interpreter.CallThreshold = 256;

        guest.Call("top", Value.FromI32(0));
        Assert.Empty(callees.RanOften());

        for (var i = 0; i < 20; i++)
        {
            guest.Call("leaf");
        }

        Assert.Equal([2], callees.RanOften());
    }
}
