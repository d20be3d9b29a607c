using HostService.Runtime.Syntax;

namespace HostService.Runtime.Binary;

/// <content>The table section.</content>
/// <remarks><see href="https://webassembly.github.io/spec/core/binary/modules.html#table-section">Spec: table section</see></remarks>
internal sealed partial class ModuleDecoder
{
    private const byte TableWithInit = 0x40;

    private void DecodeTables(ref WasmReader reader)
    {
        var imported = _module.Tables.Length;
        var tables = Extend(_module.Tables, ReadCount(ref reader, _limits.MaxTables, "tables", imported));
        for (var i = imported; i < tables.Length; i++)
        {
            tables[i] = ReadTable(ref reader);
        }

        _module.Tables = tables;
    }

    private TableSyntax ReadTable(ref WasmReader reader)
    {
        if (PeekByte(ref reader) != TableWithInit)
        {
            return new TableSyntax(ReadTableType(ref reader), Init: null);
        }

        reader.ReadByte();
        var start = reader.Position;
        if (reader.ReadByte() != 0)
        {
            WasmReader.ThrowMalformed("zero byte expected", start);
        }

        var type = ReadTableType(ref reader);
        return new TableSyntax(type, ReadConstExpr(ref reader));
    }

    private static TableType ReadTableType(ref WasmReader reader)
    {
        var element = reader.ReadRefType();
        var limits = ReadLimits(ref reader, LimitsFlags.HasMaximum | LimitsFlags.Is64, out var flags);
        return new TableType(limits, element, flags.HasFlag(LimitsFlags.Is64));
    }
}
