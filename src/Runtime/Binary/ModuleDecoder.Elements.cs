using HostService.Runtime.Syntax;

namespace HostService.Runtime.Binary;

/// <content>The element section.</content>
/// <remarks><see href="https://webassembly.github.io/spec/core/binary/modules.html#element-section">Spec: element section</see></remarks>
internal sealed partial class ModuleDecoder
{
    [Flags]
    private enum ElementFlags : uint
    {
        None = 0,

        /// <summary>Passive or declarative; otherwise active.</summary>
        IsNotActive = 1,

        /// <summary>Of a segment that is not active: declarative. Of an active one: a table index follows.</summary>
        IsDeclarativeOrHasTable = 2,

        /// <summary>The elements are expressions rather than function indices.</summary>
        HasExpressions = 4,

        All = 7,
    }

    private void DecodeElements(ref WasmReader reader)
    {
        // A segment is much larger here than in the binary, so the list grows with what is really there.
        var count = ReadCount(ref reader, _limits.MaxElementSegments, "element segments");
        List<ElementSegment> segments = [];
        for (var i = 0; i < count; i++)
        {
            segments.Add(ReadElementSegment(ref reader));
        }

        _module.ElementSegments = [.. segments];
    }

    private ElementSegment ReadElementSegment(ref WasmReader reader)
    {
        var start = reader.Position;
        var flags = (ElementFlags)reader.ReadU32();
        if (flags > ElementFlags.All)
        {
            WasmReader.ThrowMalformed("malformed elements segment kind", start);
        }

        var mode = (flags & (ElementFlags.IsNotActive | ElementFlags.IsDeclarativeOrHasTable)) switch
        {
            ElementFlags.IsNotActive => SegmentMode.Passive,
            ElementFlags.IsNotActive | ElementFlags.IsDeclarativeOrHasTable => SegmentMode.Declarative,
            _ => SegmentMode.Active,
        };
        var hasTable = mode == SegmentMode.Active && flags.HasFlag(ElementFlags.IsDeclarativeOrHasTable);
        var hasExpressions = flags.HasFlag(ElementFlags.HasExpressions);
        var table = hasTable ? reader.ReadIndex() : 0;
        var offset = mode == SegmentMode.Active ? ReadConstExpr(ref reader) : default;

        // The two oldest forms, active in table 0, leave the type out.
        var hasType = mode != SegmentMode.Active || hasTable;
        var type = hasType ? ReadElementType(ref reader, hasExpressions)
            : hasExpressions ? ValueType.FuncRef : ValueType.FuncRef.AsNonNull();
        return hasExpressions
            ? new ElementSegment(mode, table, offset, type, Functions: null, ReadElementExpressions(ref reader))
            : new ElementSegment(mode, table, offset, type, ReadElementFunctions(ref reader), Expressions: null);
    }

    private static ValueType ReadElementType(ref WasmReader reader, bool hasExpressions)
    {
        if (hasExpressions)
        {
            return reader.ReadRefType();
        }

        var start = reader.Position;
        if (reader.ReadByte() != 0)
        {
            WasmReader.ThrowMalformed("malformed element kind", start);
        }

        return ValueType.FuncRef.AsNonNull();
    }

    private int[] ReadElementFunctions(ref WasmReader reader)
    {
        var functions = new int[ReadCount(ref reader, _limits.MaxElementsPerSegment, "elements in one segment")];
        for (var i = 0; i < functions.Length; i++)
        {
            functions[i] = reader.ReadIndex();
        }

        return functions;
    }

    private ConstExpr[] ReadElementExpressions(ref WasmReader reader)
    {
        var expressions = new ConstExpr[ReadCount(ref reader, _limits.MaxElementsPerSegment, "elements in one segment")];
        for (var i = 0; i < expressions.Length; i++)
        {
            expressions[i] = ReadConstExpr(ref reader);
        }

        return expressions;
    }
}
