using HostService.Runtime.Syntax;

namespace HostService.Runtime.Binary;

/// <content>Custom sections. Only their names are read; what is in them can't make a module malformed.</content>
/// <remarks><see href="https://webassembly.github.io/spec/core/binary/modules.html#custom-section">Spec: custom section</see></remarks>
internal sealed partial class ModuleDecoder
{
    private void DecodeCustom(ref WasmReader reader, int end)
    {
        var section = new WasmReader(_module.Binary.Span, reader.Position, end);
        var name = ReadName(ref section);
        _module.CustomSections.Add(new CustomSection(name, section.Position, section.Remaining));
        reader.Position = end;
    }
}
