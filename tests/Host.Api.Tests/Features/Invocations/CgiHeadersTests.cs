using System.Text;
using HostService.Host.Errors;
using HostService.Host.Features.Invocations.Cgi;
using Xunit;

namespace HostService.Host.Tests.Features.Invocations;

public class CgiHeadersTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("A: b", 0)]
    [InlineData("A: b\n", 0)]
    [InlineData("A: b\n\nbody", 6)]
    [InlineData("A: b\r\n\r\nbody", 8)]
    [InlineData("A: b\n\r\nbody", 7)]
    [InlineData("\nbody", 1)]
    public void LengthOf_Block_IncludesItsEmptyLine(string text, int expected) => Assert.Equal(expected, CgiHeaders.LengthOf(Encoding.Latin1.GetBytes(text)));

    [Theory]
    [InlineData("A: b\n\n", 200)]
    [InlineData("Status: 404\n\n", 404)]
    [InlineData("status: 299 Something\n\n", 299)]
    [InlineData("Location: /x\n\n", 302)]
    [InlineData("Location: /x\nStatus: 303\n\n", 303)]
    public void Status_IsTheGuestsOrFollowsFromTheLocation(string block, int expected) => Assert.Equal(expected, Parse(block).Status);

    [Fact]
    public void Fields_KeepOrderAndBytes_AndLoseWhatBelongsToTheConnection() => Assert.Equal(
        [("B", "2"), ("a", "1"), ("X", "\u00e4\u00ff"), ("Empty", ""), ("a", "3")],
        Parse("B: 2\na:1\nX: \t\u00e4\u00ff \nEmpty:\nKeep-Alive: 5\nTE: x\nUpgrade: x\nTrailer: x\nproxy-connection: x\na: 3\n\n").Fields);

    [Theory]
    [InlineData("A : b\n\n")]
    [InlineData("A b\n\n")]
    [InlineData(" A: b\n\n")]
    [InlineData(": b\n\n")]
    [InlineData("A\0: b\n\n")]
    [InlineData("A: b\rC: d\n\n")]
    [InlineData("A: \u007f\n\n")]
    [InlineData("Status: 1000\n\n")]
    [InlineData("Status: \n\n")]
    [InlineData("Status: 20\n\n")]
    [InlineData("Content-Length: 99999999999999999999\n\n")]
    [InlineData("Content-Length: 5\ncontent-length: 5\n\n")]
    public void Parse_WhatIsNoBlock_IsABadResponse(string block) =>
        Assert.Equal("bad-function-response", Assert.Throws<ProblemException>(() => Parse(block)).Type.Slug);

    [Fact]
    public void Parse_MoreFieldsThanAnybodyNeeds_IsABadResponse() =>
        Assert.Throws<ProblemException>(() => Parse(string.Concat(Enumerable.Repeat("A: b\n", 129)) + "\n"));

    private static CgiHeaders Parse(string block) => CgiHeaders.Parse(Encoding.Latin1.GetBytes(block));
}
