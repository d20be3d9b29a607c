using System.Runtime.InteropServices;
using Xunit;

namespace HostService.Runtime.Tests.Execution.Faults;

/// <summary>A fact about what exists on 64-bit Linux on x64 only.</summary>
public sealed class LinuxX64FactAttribute : FactAttribute
{
    public LinuxX64FactAttribute()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
            Skip = "faults are caught on Linux x64 only";
    }
}
