using HostService.Runtime.Syntax;

namespace HostService.Runtime.Binary;

/// <content>The global section.</content>
/// <remarks><see href="https://webassembly.github.io/spec/core/binary/modules.html#global-section">Spec: global section</see></remarks>
internal sealed partial class ModuleDecoder
{
    private void DecodeGlobals(ref WasmReader reader)
    {
        var imported = _module.Globals.Length;
        var globals = Extend(_module.Globals, ReadCount(ref reader, _limits.MaxGlobals, "globals", imported));
        for (var i = imported; i < globals.Length; i++)
        {
            var type = ReadGlobalType(ref reader);
            globals[i] = new GlobalSyntax(type, ReadConstExpr(ref reader));
        }

        _module.Globals = globals;
    }

    private static GlobalType ReadGlobalType(ref WasmReader reader)
    {
        var type = reader.ReadValueType();
        return new GlobalType(type, ReadMutability(ref reader));
    }
}
