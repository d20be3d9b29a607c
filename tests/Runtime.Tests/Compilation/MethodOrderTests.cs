using HostService.Runtime.Binary;
using HostService.Runtime.Compilation.Background;
using HostService.Runtime.Types;
using Xunit;

namespace HostService.Runtime.Tests.Compilation;

/// <summary>What is likely to run first is optimised first, and nothing is forgotten.</summary>
public sealed class MethodOrderTests
{
    [Fact]
    public void Of_StartExportsCalleesTablesRest_InThisOrder()
    {
        var module = Decode(
            """
            (module
              (import "m" "f" (func $imported))
              (table funcref (elem $in_table))
              (func $unused)                                        ;; 0
              (func $called_by_table)                               ;; 1
              (func $in_table (local i32 i64) (call $called_by_table)) ;; 2
              (func $called_by_called)                              ;; 3
              (func $called (call $called_by_called) (call $exported)) ;; 4
              (func $exported (export "e") (call $imported) (call $called)) ;; 5
              (func $begin (call $imported))                        ;; 6
              (start $begin))
            """);

        Assert.Equal([6, 5, 4, 3, 2, 1, 0], MethodOrder.Of(module, []));
    }

    [Fact]
    public void Of_BodiesOfSplitFunctions_ComeFirst()
    {
        var module = Decode("(module (func) (func (export \"e\")))");

        Assert.Equal([2, 1, 0], MethodOrder.Of(module, [0]));
    }

    private static Runtime.Syntax.ModuleSyntax Decode(string text) => ModuleDecoder.Decode(Wasmtime.Module.ConvertText(text), WasmFeatures.None, ModuleLimits.Default);
}
