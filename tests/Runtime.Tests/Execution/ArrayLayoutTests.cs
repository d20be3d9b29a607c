using System.Runtime.CompilerServices;
using HostService.Runtime.Execution.Heap;
using HostService.Runtime.Execution.Tables;
using Xunit;

namespace HostService.Runtime.Tests.Execution;

public class ArrayLayoutTests
{
    // Emitted code reads arrays through these fields: the CLR must lay arrays out so.
    [Fact]
    public void Fields_OfAnArray_AreItsLengthAndItsFirstElement()
    {
        ulong[] numbers = [11, 22, 33];
        RefSlot[] references = [new() { Value = "first" }];
        var layout = Unsafe.As<ArrayLayout>(numbers);

        Assert.Equal(3u, (uint)layout.Length);
        Assert.Equal(22UL, Unsafe.Add(ref Unsafe.As<byte, ulong>(ref layout.Data), 1));
        Assert.Equal("first", Unsafe.As<byte, object>(ref Unsafe.As<ArrayLayout>(references).Data));
    }
}
