using System.Runtime.InteropServices;
using Xunit;

namespace HostService.Runtime.Golden;

/// <summary>Vector instructions become the machine instruction that x64 has for them, with nothing called and nothing spilled around it.</summary>
public sealed class MachineCodeTests
{
    private const string Module = """
        (module
          (memory 1)
          (func (param v128 v128) (result v128) (i32x4.add (local.get 0) (local.get 1)))
          (func (param v128 v128) (result v128) (i8x16.shuffle 3 17 2 19 4 21 6 23 8 25 10 27 12 29 14 31 (local.get 0) (local.get 1)))
          (func (param v128 v128) (result v128) (i8x16.swizzle (local.get 0) (local.get 1)))
          (func (param v128 v128) (result v128) (i16x8.q15mulr_sat_s (local.get 0) (local.get 1)))
          (func (param v128 v128) (result v128) (f32x4.pmin (local.get 0) (local.get 1)))
          (func (param v128 v128) (result v128) (i32x4.dot_i16x8_s (local.get 0) (local.get 1)))
          (func (param v128 v128 v128) (result v128) (v128.bitselect (local.get 0) (local.get 1) (local.get 2)))
          (func (param i32) (result v128) (v128.load offset=16 (local.get 0)))
          (func (param i32 v128) (v128.store offset=16 (local.get 0) (local.get 1))))
        """;

    // Lanes that the machine has an instruction for, with the vectors in one order and in the other.
    private static readonly (string Instruction, string Lanes)[] s_shuffles =
    [
        ("pshufb", "15 14 13 12 11 10 9 8 7 6 5 4 3 2 1 0"),
        ("punpcklbw", "0 16 1 17 2 18 3 19 4 20 5 21 6 22 7 23"),
        ("punpckhbw", "24 8 25 9 26 10 27 11 28 12 29 13 30 14 31 15"),
        ("punpcklwd", "0 1 16 17 2 3 18 19 4 5 20 21 6 7 22 23"),
        ("punpckhdq", "8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31"),
        ("punpcklqdq", "16 17 18 19 20 21 22 23 0 1 2 3 4 5 6 7"),
        ("palignr", "3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18"),
        ("palignr", "24 25 26 27 28 29 30 31 0 1 2 3 4 5 6 7"),
        ("shufps", "0 1 2 3 8 9 10 11 16 17 18 19 24 25 26 27"),
        ("pblendw", "0 1 18 19 4 5 22 23 8 9 26 27 12 13 30 31"),
        ("pblendvb", "0 17 2 19 4 21 6 23 8 25 10 27 12 29 14 31"),
    ];

    [Fact]
    public async Task Shuffles_OfLanesThatX64HasAnInstructionFor_AreThatInstruction()
    {
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            return;
        }

        // One function less than ten, so that they are listed in order.
        foreach (var some in s_shuffles.Chunk(9))
        {
            var listed = await MachineCode.ListAsync(
                $"(module {string.Concat(some.Select(shuffle => $"(func (param v128 v128) (result v128) (i8x16.shuffle {shuffle.Lanes} (local.get 0) (local.get 1)))"))})");

            Assert.Equal(some.Select(shuffle => shuffle.Instruction), listed.Select(Assert.Single));
        }
    }

    [Fact]
    public async Task VectorInstructions_OnX64_AreTheMachinesOwn()
    {
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            return;
        }

        var listed = await MachineCode.ListAsync(Module);

        Assert.Equal(9, listed.Count);
        Assert.Equal(["paddd"], listed[0]);

        // Lanes of two vectors in no order that the machine knows: each is shuffled with zeros for the other's lanes.
        Assert.Equal(["pshufb", "pshufb", "por"], listed[1]);

        // pshufb takes an index's low four bits unless its highest is set; adding 0x70 with saturation sets that for 16 and above.
        Assert.Equal(["paddusb", "pshufb"], listed[2]);

        // Of all products pmulhrsw gets one wrong, −1 times −1, which is the only one that gives 0x8000.
        Assert.Equal(["pmulhrsw", "pcmpeqw", "pxor"], listed[3]);
        Assert.Equal(["minps"], listed[4]);
        Assert.Equal(["pmaddwd"], listed[5]);
        Assert.Equal(["pand", "pandn", "por"], listed[6]);

        // Guard pages: no compare and no branch. The last byte is touched by a move, so that no part of an access happens before its fault.
        Assert.Empty(listed[7]);
        Assert.Empty(listed[8]);
    }
}
