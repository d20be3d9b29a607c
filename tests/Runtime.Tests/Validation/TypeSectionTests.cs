using HostService.Runtime.Errors;
using Xunit;

namespace HostService.Runtime.Tests.Validation;

public class TypeSectionTests
{
    // (sub (struct)), open for subtypes.
    private static readonly byte[] s_openStruct = [0x50, 0, 0x5F, 0];

    [Fact]
    public void Representative_EqualGroups_IsTheFirst()
    {
        // Two groups of (rec (struct (field (ref null 1st))) (func)), then the two members apart: those are other types.
        static byte[] Group(byte first) => [0x4E, 2, 0x5F, 1, 0x63, first, 0, 0x60, 0, 0];
        var relations = Modules.Validate(Types(Group(0), Group(2), [0x60, 0, 0], [0x5F, 1, 0x63, 5, 0])).Relations;
        Assert.Equal([0, 1, 0, 1, 4, 5], Enumerable.Range(0, 6).Select(relations.Representative));
    }

    [Fact]
    public void Representative_SameShapeInAndOutOfTheGroup_Differs()
    {
        // A structure that refers to itself, and one that refers to the first.
        var relations = Modules.Validate(Types([0x5F, 1, 0x63, 0, 0], [0x5F, 1, 0x63, 0, 0])).Relations;
        Assert.Equal([0, 1], new[] { relations.Representative(0), relations.Representative(1) });
    }

    [Fact]
    public void IsDefinedSubtype_EqualSupertypes_CountAsOne()
    {
        // Types 0 and 1 are equal; 2 extends 1, so it extends 0.
        var relations = Modules.Validate(Types(s_openStruct, s_openStruct, [0x50, 1, 1, 0x5F, 0])).Relations;
        Assert.True(relations.IsDefinedSubtype(2, 0));
        Assert.False(relations.IsDefinedSubtype(0, 2));
    }

    [Theory]
    [InlineData("sub type 1 does not match super type 0: it is final", new byte[] { 0x5F, 0 }, new byte[] { 0x50, 1, 0, 0x5F, 0 })]
    [InlineData("unknown type 1 as supertype of type 1", new byte[] { 0x5F, 0 }, new byte[] { 0x50, 1, 1, 0x5F, 0 })]
    [InlineData("unknown type 2 in type 1", new byte[] { 0x5F, 0 }, new byte[] { 0x5E, 0x64, 2, 0 })]
    public void Check_BrokenRule_SaysWhichTypes(string reason, byte[] first, byte[] second)
    {
        var fault = Assert.Throws<InvalidModuleException>(() => Modules.Validate(Types(first, second)));
        Assert.Equal((reason, 10), (fault.Reason, fault.Offset));
    }

    [Fact]
    public void Check_SupertypesDeeperThanTheLimit_AreRefused()
    {
        static byte[] Chain(int length) =>
            Types([s_openStruct, .. Enumerable.Range(0, length).Select(super => (byte[])[0x50, 1, (byte)super, 0x5F, 0])]);
        Modules.Validate(Chain(63));
        Assert.Contains("64 levels", Assert.Throws<ModuleLimitException>(() => Modules.Validate(Chain(64))).Message, StringComparison.Ordinal);
    }

    private static byte[] Types(params IReadOnlyCollection<byte[]> groups) => Modules.Of(Modules.Section(1, Modules.Vector(groups)));
}
