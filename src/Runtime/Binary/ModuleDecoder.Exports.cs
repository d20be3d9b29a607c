using HostService.Runtime.Syntax;

namespace HostService.Runtime.Binary;

/// <content>The export section.</content>
/// <remarks><see href="https://webassembly.github.io/spec/core/binary/modules.html#export-section">Spec: export section</see></remarks>
internal sealed partial class ModuleDecoder
{
    private void DecodeExports(ref WasmReader reader)
    {
        var exports = new ExportSyntax[ReadCount(ref reader, _limits.MaxExports, "exports")];
        for (var i = 0; i < exports.Length; i++)
        {
            var name = ReadName(ref reader);
            var start = reader.Position;
            var kind = (ExternKind)reader.ReadByte();
            if (kind > ExternKind.Tag)
            {
                WasmReader.ThrowMalformed("malformed export kind", start);
            }

            exports[i] = new ExportSyntax(name, kind, reader.ReadIndex());
        }

        _module.Exports = exports;
    }
}
