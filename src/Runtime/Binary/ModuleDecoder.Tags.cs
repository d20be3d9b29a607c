using HostService.Runtime.Syntax;

namespace HostService.Runtime.Binary;

/// <content>The tag section.</content>
/// <remarks><see href="https://webassembly.github.io/spec/core/binary/modules.html#tag-section">Spec: tag section</see></remarks>
internal sealed partial class ModuleDecoder
{
    private void DecodeTags(ref WasmReader reader)
    {
        var imported = _module.TagTypes.Length;
        var tags = Extend(_module.TagTypes, ReadCount(ref reader, _limits.MaxTags, "tags", imported));
        for (var i = imported; i < tags.Length; i++)
        {
            tags[i] = ReadTagType(ref reader);
        }

        _module.TagTypes = tags;
    }

    private static int ReadTagType(ref WasmReader reader)
    {
        var start = reader.Position;
        if (reader.ReadByte() != 0)
        {
            WasmReader.ThrowMalformed("malformed tag attribute", start);
        }

        return reader.ReadIndex();
    }
}
