using HostService.Runtime.Conformance.Scripts;

namespace HostService.Runtime.Conformance.Running;

/// <summary>Loads the binary of a command.</summary>
internal static class Binary
{
    /// <exception cref="NotSupportedException">It is a component.</exception>
    public static byte[] Load(ModuleFile file)
    {
        var bytes = File.ReadAllBytes(file.Path);

        // The header of the component model. Other versions are malformed modules, as scripts expect.
        return bytes is [0x00, 0x61, 0x73, 0x6D, 0x0D, 0x00, 0x01, 0x00, ..]
            ? throw new NotSupportedException("the file is a component; this engine runs core modules")
            : bytes;
    }
}
