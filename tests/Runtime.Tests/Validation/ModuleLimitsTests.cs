using System.Globalization;
using System.Reflection;
using HostService.Runtime.Tests.Syntax;
using HostService.Runtime.Types;
using Xunit;

namespace HostService.Runtime.Tests.Validation;

public class ModuleLimitsTests
{
    public static TheoryData<string> Limits =>
        [.. typeof(ModuleLimits).GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(property => property.Name)];

    [Theory]
    [MemberData(nameof(Limits))]
    public void Document_EachLimit_IsThereWithItsDefault(string name)
    {
        var value = (int)typeof(ModuleLimits).GetProperty(name)!.GetValue(ModuleLimits.Default)!;
        var row = string.Create(CultureInfo.InvariantCulture, $"| `{name}` | {value:N0} | ");
        Assert.Contains(row, File.ReadAllText(Path.Combine(Repository.Root, "docs", "module-limits.md")), StringComparison.Ordinal);
    }
}
