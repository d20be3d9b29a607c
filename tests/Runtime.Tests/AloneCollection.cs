using Xunit;

namespace HostService.Runtime.Tests;

/// <summary>Tests that look at the whole process (its memory, its loaded code) and therefore run while no other does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "Alone in the process";
}
