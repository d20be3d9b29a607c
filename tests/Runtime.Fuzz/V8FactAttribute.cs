using HostService.Runtime.Fuzz.Differential.V8;
using Xunit;

namespace HostService.Runtime.Fuzz;

/// <summary>A test that compares with V8, left out where there is no <c>node</c>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class V8FactAttribute : FactAttribute
{
    public V8FactAttribute()
    {
        if (!V8Batch.IsThere)
        {
            Skip = "There is no node to compare with; test.sh installs one.";
        }
    }
}
