using HostService.Runtime.Syntax;

namespace HostService.Runtime.Binary;

/// <content>The data count section and the data section.</content>
/// <remarks><see href="https://webassembly.github.io/spec/core/binary/modules.html#data-section">Spec: data section</see></remarks>
internal sealed partial class ModuleDecoder
{
    private void DecodeDataCount(ref WasmReader reader) => _module.DataCount = reader.ReadIndex();

    private void DecodeData(ref WasmReader reader)
    {
        var segments = new DataSegment[ReadCount(ref reader, _limits.MaxDataSegments, "data segments")];
        for (var i = 0; i < segments.Length; i++)
        {
            segments[i] = ReadDataSegment(ref reader);
        }

        _module.DataSegments = segments;
    }

    private DataSegment ReadDataSegment(ref WasmReader reader)
    {
        const uint Active = 0;
        const uint Passive = 1;
        const uint ActiveWithMemory = 2;
        var start = reader.Position;
        var flags = reader.ReadU32();
        if (flags is not (Active or Passive or ActiveWithMemory))
        {
            WasmReader.ThrowMalformed("malformed data segment kind", start);
        }

        var mode = flags == Passive ? SegmentMode.Passive : SegmentMode.Active;
        var memory = flags == ActiveWithMemory ? reader.ReadIndex() : 0;
        var offset = mode == SegmentMode.Active ? ReadConstExpr(ref reader) : default;
        var length = reader.ReadLength("unexpected end of section or function: length out of bounds");
        var segment = new DataSegment(mode, memory, offset, reader.Position, length);
        reader.Position += length;
        return segment;
    }
}
