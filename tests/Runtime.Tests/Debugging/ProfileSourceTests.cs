using HostService.Runtime.Errors;
using HostService.Support;
using Xunit;

namespace HostService.Runtime.Tests.Debugging;

/// <summary>Frames of profiles have the file and line of the C source, in optimised code too, and inlined functions are frames.</summary>
public sealed class ProfileSourceTests
{
    private const string File = "/source/orders.c";

    public static TheoryData<int, string> Guests => SourcePositionTests.Guests;

    [Theory]
    [MemberData(nameof(Guests))]
    public void Profile_OfInlinedLoops_ShowsEachFunctionWithItsLine(int dwarf, string code)
    {
        using var guest = new OrdersGuest(dwarf, code);

        // The innermost loop has nearly all checks; a sample taken at the outer one ends in most_steps.
        var samples = Profile(guest).Samples;

        Assert.All(samples, sample => Assert.Equal("busy", sample.Stack[0]));
        var innermost = samples.Where(sample => sample.Stack.Count == 3).ToList();
        Assert.True(2 * innermost.Count > samples.Count, $"{innermost.Count} of {samples.Count}");
        Assert.All(innermost, sample =>
        {
            Assert.Equal(["busy", "most_steps", "steps_to_one"], sample.Stack);
            Assert.Equal((File, OrdersGuest.LineOf("(int)most_steps(")), sample.Sources[0]);
            Assert.Equal((File, OrdersGuest.LineOf("= steps_to_one(number)")), sample.Sources[1]);
            Assert.Equal(File, sample.Sources[2].File);
            // Clang gives the beginning of the loop no line: it is the one of what comes first in it.
            Assert.InRange(sample.Sources[2].Line!.Value, OrdersGuest.LineOf("while (number != 1)"), OrdersGuest.LineOf("steps++;"));
            Assert.Single(sample.Addresses.Distinct());
        });
    }

    [Fact]
    public void Profile_WrittenAfterItsModuleIsGone_HasLines()
    {
        GuestProfile profile;
        using (var guest = new OrdersGuest(5, "guard pages"))
        {
            profile = Record(guest);
        }

        Assert.Contains(Read(profile).Samples, sample => sample.Sources[^1].Line is not null);
        profile.Dispose();
    }

    [Fact]
    public void Profile_OfAModuleWithoutDebuggingInformation_HasNone()
    {
        using var guest = new Compilation.Guest("(module (func (export \"busy\") (param i32) (loop $again (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))");
        using var profile = GuestProfile.Start(guest.Store);
        while (profile.SampleCount < 3)
        {
            guest.Call("busy", Value.FromI32(1_000_000));
        }

        profile.Stop();

        Assert.All(Read(profile).Samples, sample => Assert.Equal([(null, null)], sample.Sources));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public void FindAll_FindsWhatFindFinds(int dwarf)
    {
        using var engine = new Engine();
        using var module = Module.Compile(engine, OrdersGuest.Binary(dwarf));
        var offsets = Enumerable.Range(module.Syntax.CodeSectionOffset - 2, module.Syntax.CodeSectionLength + 4).Select(offset => (long)offset).ToList();

        var all = module.SourceMap!.FindAll(offsets.Concat(offsets).Reverse());

        Assert.Equal(offsets.Count, all.Count);
        Assert.All(offsets, offset => Assert.Equal(module.SourceMap.Find(offset).AsEnumerable(), all[offset]));
        Assert.Contains(all.Values, positions => positions.Length == 3);
    }

    private static ProfileDocument Profile(OrdersGuest guest)
    {
        using var profile = Record(guest);
        return Read(profile);
    }

    private static GuestProfile Record(OrdersGuest guest)
    {
        var busy = guest.Instance.GetFunction("busy")!;
        var profile = GuestProfile.Start(guest.Store);
        while (profile.SampleCount < 30)
        {
            busy.Call(Value.FromI32(10_000));
        }

        profile.Stop();
        return profile;
    }

    private static ProfileDocument Read(GuestProfile profile)
    {
        using var json = new MemoryStream();
        profile.WriteTo(json);
        return ProfileDocument.Parse(json.ToArray());
    }
}
