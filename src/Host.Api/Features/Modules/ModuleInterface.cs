using System.Text;
using HostService.Runtime;
using HostService.Runtime.Types;

namespace HostService.Host.Features.Modules;

/// <summary>How much there is to say of what a module offers and asks for: it is kept in memory and with its version, and is in each answer that describes the module.</summary>
/// <remarks>Six bytes of a binary are another export of a function that has a thousand parameters and as many results, so the binary's length bounds nothing.</remarks>
internal static class ModuleInterface
{
    // Field names, quotes and the kind; and a type's name with quotes and a comma.
    private const int BytesOfEntry = 32;
    private const int BytesOfValue = 8;

    /// <summary>The bytes of all exports and imports: of their names, 8 for each parameter and result, and 32 for each of them.</summary>
    public static long BytesOf(Module module) =>
        module.Exports.Sum(export => BytesOfEntry + Bytes(export.Name) + BytesOf(export.Type.Func))
        + module.Imports.Sum(import => BytesOfEntry + Bytes(import.Module) + Bytes(import.Name));

    private static long Bytes(string name) => Encoding.UTF8.GetByteCount(name);

    private static long BytesOf(FuncType? type) => type is null ? 0 : (long)BytesOfValue * (type.Parameters.Length + type.Results.Length);
}
