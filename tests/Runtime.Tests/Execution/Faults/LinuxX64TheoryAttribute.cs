using System.Runtime.InteropServices;
using Xunit;

namespace HostService.Runtime.Tests.Execution.Faults;

/// <summary>A theory about what exists on 64-bit Linux on x64 only.</summary>
public sealed class LinuxX64TheoryAttribute : TheoryAttribute
{
    public LinuxX64TheoryAttribute()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
            Skip = "faults are caught on Linux x64 only";
    }
}
