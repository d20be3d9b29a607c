using System.Reflection.PortableExecutable;
using HostService.Support;
using Xunit;

namespace HostService.Deploy.Tests;

/// <summary>A new process of the published program need not compile itself before it answers (docs/adr/0107).</summary>
public sealed class MachineCodeTests
{
    [Fact]
    public async Task PublishedAssemblies_OnLinuxInRelease_HoldMachineCode()
    {
        var without = new List<string>();
        var assemblies = Directory.GetFiles(await PublishedService.FolderAsync(), "*.dll").Order().ToArray();
        foreach (var path in assemblies)
        {
            using var image = new PEReader(File.OpenRead(path));
            if (image.PEHeaders.CorHeader?.ManagedNativeHeaderDirectory.Size is null or 0)
            {
                without.Add(path);
            }
        }

        Assert.Contains(assemblies, path => Path.GetFileName(path) == PublishedService.EntryAssembly);
        Assert.Equal(PublishedService.HasMachineCode ? [] : assemblies, without);
    }
}
