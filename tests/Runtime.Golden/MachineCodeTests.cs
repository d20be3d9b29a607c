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
          (func (param v128 v128) (result v128) (i8x16.shuffle 0 17 2 19 4 21 6 23 8 25 10 27 12 29 14 31 (local.get 0) (local.get 1)))
          (func (param v128 v128) (result v128) (i8x16.swizzle (local.get 0) (local.get 1)))
          (func (param v128 v128) (result v128) (i16x8.q15mulr_sat_s (local.get 0) (local.get 1)))
          (func (param v128 v128) (result v128) (f32x4.pmin (local.get 0) (local.get 1)))
          (func (param v128 v128) (result v128) (i32x4.dot_i16x8_s (local.get 0) (local.get 1)))
          (func (param v128 v128 v128) (result v128) (v128.bitselect (local.get 0) (local.get 1) (local.get 2)))
          (func (param i32) (result v128) (v128.load offset=16 (local.get 0)))
          (func (param i32 v128) (v128.store offset=16 (local.get 0) (local.get 1))))
        """;

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

        // Lanes of two vectors: each is shuffled with zeros for the other's lanes.
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
