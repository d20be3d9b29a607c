using System.Text;
using HostService.Runtime.Errors;
using Xunit;

namespace HostService.Runtime.Tests.Compilation;

/// <summary>Functions at the limits of IL and of RyuJIT: each is compiled and gives the right result, or is refused by name.</summary>
public class LargeFunctionTests
{
    private const int Many = 100_000;

    [Theory]
    [InlineData("i32.const 1", 100_000)]
    [InlineData("local.get 0", 300_000)]
    public void OperandStack_OfAHundredThousand_Works(string operand, int expected)
    {
        using var guest = new Guest($"""
            (module
              (func $two (result i32) i32.const 2)
              (func (export "run") (param i32) (result i32)
                {Repeat(operand, Many)}
                {Repeat("i32.add", Many - 1)}))
            """);

        Assert.Equal(expected, guest.Call("run", 3)[0].I32);
    }

    [Fact]
    public void OperandStack_OfThirtyThousandResults_Works()
    {
        using var guest = new Guest($"""
            (module
              (func $two (result i32) i32.const 2)
              (func (export "run") (result i32) {Repeat("call $two", 30_000)} {Repeat("i32.add", 29_999)}))
            """);

        Assert.Equal(60_000, guest.Call("run")[0].I32);
    }

    [Fact]
    public void OperandStack_OfMoreResultsThanAMethodHasLocals_IsRefusedByName()
    {
        var limit = Assert.Throws<ModuleLimitException>(() => new Guest($"(module (func $two (result i32) i32.const 2) (func {Repeat("call $two", Many)} {Repeat("drop", Many)}))"));

        Assert.StartsWith("func[1]: it needs ", limit.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OperandStack_AcrossABlock_KeepsItsOrder()
    {
        // Values of two types wait in slots while a block runs, many more than stay on the IL stack.
        using var guest = new Guest($"""
            (module
              (func $i (result i32) i32.const 2)
              (func $l (result i64) i64.const 3)
              (func (export "run") (param i32) (result i64) (local $sum i64)
                {Repeat("call $i call $l", 1_000)}
                (block (br_if 0 (local.get 0)) unreachable)
                {Repeat("local.get $sum i64.add local.set $sum i64.extend_i32_s local.get $sum i64.add local.set $sum", 1_000)}
                local.get $sum))
            """);

        Assert.Equal(5_000L, guest.Call("run", 1)[0].I64);
    }

    [Fact]
    public void Blocks_NestedAHundredThousandDeep_Work()
    {
        using var guest = new Guest(NestedBlocks(Many));
        Assert.Equal(5, guest.Call("run", 1)[0].I32);
    }

    [Fact]
    public void Expression_NestedAHundredThousandDeep_Works()
    {
        using var guest = new Guest($"""(module (func (export "run") (param i32) (result i32) local.get 0 {Repeat("i32.const 1 i32.add", Many)}))""");
        Assert.Equal(100_007, guest.Call("run", 7)[0].I32);
    }

    [Fact]
    public void BranchTable_OfSixtyThousandTargets_Works()
    {
        using var guest = new Guest($"""
            (module (func (export "run") (param i32) (result i32)
              block $b block $a local.get 0 br_table {Repeat("$a $b", 30_000)} $a end i32.const 1 return end i32.const 2))
            """);

        Assert.Equal([1, 2, 1, 1], [.. new[] { 0, 59_999, 59_998, 5_000_000 }.Select(index => guest.Call("run", index)[0].I32)]);
    }

    [Fact]
    public void Locals_FiftyThousand_Work()
    {
        using var guest = new Guest($"""
            (module (func (export "run") (param i32) (result i32) (local {Repeat("i32", 49_998)})
              (local.set 49998 (local.get 0)) (i32.add (local.get 49998) (local.get 25000))))
            """);

        Assert.Equal(11, guest.Call("run", 11)[0].I32);
    }

    [Fact]
    public void Locals_FiftyThousandWithRecursion_TrapBeforeTheStackIsGone()
    {
        using var guest = new Guest($"""
            (module (func $run (export "run") (param i32) (result i32) (local {Repeat("i32", 49_998)})
              (local.set 49998 (call $run (local.get 0))) (i32.add (local.get 49998) (local.get 25000))))
            """);

        Assert.Equal(TrapCode.CallStackExhausted, Assert.Throws<TrapException>(() => guest.Call("run", 11)).Code);
    }

    private static string Repeat(string text, int count) => new StringBuilder().Insert(0, text + " ", count).ToString();

    // Built as a binary by hand: the text form's parser would recurse.
    private static byte[] NestedBlocks(int depth)
    {
        List<byte> body = [0];
        for (var i = 0; i < depth; i++)
        {
            body.AddRange([0x02, 0x40]);
        }

        body.AddRange([0x20, 0x00, 0x0D, 0x00]);
        for (var i = 0; i < depth; i++)
        {
            body.Add(0x0B);
        }

        body.AddRange([0x41, 0x05, 0x0B]);
        return
        [
            0x00, 0x61, 0x73, 0x6D, 0x01, 0x00, 0x00, 0x00,
            0x01, 0x06, 0x01, 0x60, 0x01, 0x7F, 0x01, 0x7F,
            0x03, 0x02, 0x01, 0x00,
            0x07, 0x07, 0x01, 0x03, (byte)'r', (byte)'u', (byte)'n', 0x00, 0x00,
            0x0A, .. Leb(1 + Leb(body.Count).Length + body.Count), 0x01, .. Leb(body.Count), .. body,
        ];
    }

    private static byte[] Leb(int value)
    {
        List<byte> bytes = [];
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        return [.. bytes, (byte)value];
    }
}
