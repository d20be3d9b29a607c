using HostService.Runtime.Syntax;

namespace HostService.Runtime.Validation;

/// <content>Tables and element segments.</content>
internal sealed partial class FunctionValidator
{
    private TableType TableTypeAt(int table)
    {
        if ((uint)table >= (uint)_syntax.Tables.Length)
        {
            ThrowInvalid($"unknown table {table}");
        }

        return _syntax.Tables[table].Type;
    }

    private ValueType CheckElementSegment(int segment)
    {
        if ((uint)segment >= (uint)_syntax.ElementSegments.Length)
        {
            ThrowInvalid($"unknown elem segment {segment}");
        }

        return _syntax.ElementSegments[segment].Type;
    }

    private void CheckTableGet(int table)
    {
        var type = TableTypeAt(table);
        PopOperand(type.AddressType);
        Operands.Push(type.ElementType);
    }

    private void CheckTableSet(int table)
    {
        var type = TableTypeAt(table);
        PopOperand(type.ElementType);
        PopOperand(type.AddressType);
    }

    private void CheckTableSize(int table) => Operands.Push(TableTypeAt(table).AddressType);

    private void CheckTableGrow(int table)
    {
        var type = TableTypeAt(table);
        PopOperand(type.AddressType);
        PopOperand(type.ElementType);
        Operands.Push(type.AddressType);
    }

    private void CheckTableFill(int table)
    {
        var type = TableTypeAt(table);
        PopOperand(type.AddressType);
        PopOperand(type.ElementType);
        PopOperand(type.AddressType);
    }

    private void CheckTableCopy(in Instruction instruction)
    {
        var destination = TableTypeAt(instruction.Index);
        var source = TableTypeAt(instruction.Index2);
        if (!_relations.IsSubtype(source.ElementType, destination.ElementType))
        {
            ThrowInvalid($"type mismatch: a table of {source.ElementType} can't be copied to a table of {destination.ElementType}");
        }

        PopOperand(destination.Is64 && source.Is64 ? ValueType.I64 : ValueType.I32);
        PopOperand(source.AddressType);
        PopOperand(destination.AddressType);
    }

    private void CheckTableInit(in Instruction instruction)
    {
        var table = TableTypeAt(instruction.Index2);
        var type = CheckElementSegment(instruction.Index);
        if (!_relations.IsSubtype(type, table.ElementType))
        {
            ThrowInvalid($"type mismatch: a segment of {type} can't be copied to a table of {table.ElementType}");
        }

        PopOperand(ValueType.I32);
        PopOperand(ValueType.I32);
        PopOperand(table.AddressType);
    }
}
