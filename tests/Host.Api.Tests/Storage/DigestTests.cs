using System.Security.Cryptography;
using HostService.Host.Storage;
using Xunit;

namespace HostService.Host.Tests.Storage;

public class DigestTests
{
    private const string OfNothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    [Fact]
    public void Text_ThereAndBack_IsTheSame()
    {
        var digest = Digest.FromHash(SHA256.HashData([]));

        Assert.Equal($"sha256:{OfNothing}", digest.ToString());
        Assert.Equal(digest, Digest.Parse(digest.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData(OfNothing)]
    [InlineData("sha256:../../../etc/passwd")]
    [InlineData("sha256:E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855")]
    public void Parse_WhatIsNoDigest_Throws(string text) => Assert.Throws<FormatException>(() => Digest.Parse(text));

    [Fact]
    public void Unset_Digest_CannotBeUsed() => Assert.Throws<InvalidOperationException>(() => default(Digest).Hex);
}
