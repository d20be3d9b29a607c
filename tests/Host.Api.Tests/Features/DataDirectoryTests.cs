using HostService.Host.Features;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Xunit;

namespace HostService.Host.Tests.Features;

public sealed class DataDirectoryTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("hostservice-root-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Path_ThatNobodySet_IsDataUnderTheContentRootForItsOwnerOnly()
    {
        using var directory = new DataDirectory(Options.Create(new HostServiceOptions()), new Root(_root));

        Assert.Equal(Path.Combine(_root, "data"), directory.Path);
        Assert.True(Directory.Exists(directory.Path));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(directory.Path));
        }
    }

    [Theory]
    [InlineData("elsewhere/deep")]
    [InlineData("/rooted")]
    public void Path_ThatWasSet_CountsFromTheContentRootUnlessItIsRooted(string setting)
    {
        // A rooted path has to be one that a test may make.
        var given = setting[0] == '/' ? _root + setting : setting;
        using var directory = new DataDirectory(Options.Create(new HostServiceOptions { DataDirectory = given }), new Root(_root));

        Assert.Equal(Path.Combine(_root, setting.TrimStart('/')), directory.Path);
        Assert.True(Directory.Exists(directory.Path));
    }

    [Fact]
    public void Path_ThatAnotherServiceUses_IsRefusedUntilThatEnds()
    {
        var options = Options.Create(new HostServiceOptions());
        using (new DataDirectory(options, new Root(_root)))
        {
            var message = Assert.Single(Assert.Throws<OptionsValidationException>(() => new DataDirectory(options, new Root(_root))).Failures);
            Assert.StartsWith($"HostService__DataDirectory is {Path.Combine(_root, "data")}, which can't be locked", message, StringComparison.Ordinal);
        }

        using var next = new DataDirectory(options, new Root(_root));
    }

    private sealed class Root(string path) : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = "Test";

        public string ApplicationName { get; set; } = "Test";

        public string ContentRootPath { get; set; } = path;

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
