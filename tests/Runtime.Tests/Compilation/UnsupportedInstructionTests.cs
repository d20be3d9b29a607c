using HostService.Runtime.Errors;
using Xunit;

namespace HostService.Runtime.Tests.Compilation;

public class UnsupportedInstructionTests
{
    [Fact]
    public void Compile_InstructionOfAnotherGroup_IsRefusedByNameAndPlace()
    {
        var limit = Assert.Throws<ModuleLimitException>(() => new Guest("(module (func) (func (drop (ref.i31 (i32.const 1)))))"));

        Assert.StartsWith("func[1] +0x", limit.Message, StringComparison.Ordinal);
        Assert.Contains("ref.i31", limit.Message, StringComparison.Ordinal);
    }
}
