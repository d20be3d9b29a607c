using System.Collections.Immutable;
using HostService.Runtime.Syntax;

namespace HostService.Runtime.Validation;

/// <content>Structures and arrays.</content>
internal sealed partial class FunctionValidator
{
    // The JavaScript API's limit. Unreachable code has operands without end, so some limit must be there.
    private const int MaxFixedElements = 10_000;

    private CompositeType CompositeAt(int typeIndex)
    {
        if ((uint)typeIndex >= (uint)_syntax.Types.Length)
        {
            ThrowInvalid($"unknown type {typeIndex}");
        }

        return _syntax.Types[typeIndex].Composite;
    }

    private StructComposite StructureAt(int typeIndex)
    {
        if (CompositeAt(typeIndex) is not StructComposite type)
        {
            ThrowInvalid($"type mismatch: type {typeIndex} is not a structure type");
            return null!;
        }

        return type;
    }

    private ImmutableArray<FieldType> FieldsAt(int typeIndex) => StructureAt(typeIndex).Fields;

    private FieldType FieldAt(in Instruction instruction)
    {
        var fields = FieldsAt(instruction.Index);
        if ((uint)instruction.Index2 >= (uint)fields.Length)
        {
            ThrowInvalid($"unknown field {instruction.Index2} of type {instruction.Index}");
        }

        return fields[instruction.Index2];
    }

    private FieldType ElementAt(int typeIndex)
    {
        if (CompositeAt(typeIndex) is not ArrayComposite type)
        {
            ThrowInvalid($"type mismatch: type {typeIndex} is not an array type");
            return default;
        }

        return type.Element;
    }

    private FieldType MutableElementAt(int typeIndex)
    {
        var element = ElementAt(typeIndex);
        if (!element.IsMutable)
        {
            ThrowInvalid($"immutable array: type {typeIndex}");
        }

        return element;
    }

    private void RequireDefault(StorageType storage)
    {
        if (!storage.Unpacked.IsDefaultable)
        {
            ThrowInvalid($"type mismatch: {storage.Unpacked} has no default value");
        }
    }

    // The forms with a sign are for packed fields, the one without for the others.
    private void RequirePacking(in Instruction instruction, StorageType storage)
    {
        if ((storage.PackedBytes != 0) != (instruction.Op is Op.StructGetS or Op.StructGetU or Op.ArrayGetS or Op.ArrayGetU))
        {
            ThrowInvalid($"type mismatch: {instruction.Info.Text} of a field that is {(storage.PackedBytes == 0 ? "not " : "")}packed");
        }
    }

    private void CheckStructNew(int typeIndex)
    {
        _ = FieldsAt(typeIndex);
        PopOperands(_context.FieldTypes(typeIndex));
        Operands.Push(Reference(typeIndex, nullable: false));
    }

    private void CheckStructNewDefault(int typeIndex)
    {
        var structure = StructureAt(typeIndex);
        if (!structure.IsDefaultable)
        {
            RequireDefault(structure.Fields.First(field => !field.Storage.Unpacked.IsDefaultable).Storage);
        }

        Operands.Push(Reference(typeIndex, nullable: false));
    }

    private void CheckStructGet(in Instruction instruction)
    {
        var field = FieldAt(in instruction);
        RequirePacking(in instruction, field.Storage);
        PopOperand(Reference(instruction.Index));
        Operands.Push(field.Storage.Unpacked);
    }

    private void CheckStructSet(in Instruction instruction)
    {
        var field = FieldAt(in instruction);
        if (!field.IsMutable)
        {
            ThrowInvalid($"immutable field {instruction.Index2} of type {instruction.Index}");
        }

        PopOperand(field.Storage.Unpacked);
        PopOperand(Reference(instruction.Index));
    }

    private void CheckArrayNew(int typeIndex)
    {
        var element = ElementAt(typeIndex);
        PopOperand(ValueType.I32);
        PopOperand(element.Storage.Unpacked);
        Operands.Push(Reference(typeIndex, nullable: false));
    }

    private void CheckArrayNewDefault(int typeIndex)
    {
        RequireDefault(ElementAt(typeIndex).Storage);
        PopOperand(ValueType.I32);
        Operands.Push(Reference(typeIndex, nullable: false));
    }

    private void CheckArrayNewFixed(in Instruction instruction)
    {
        var element = ElementAt(instruction.Index).Storage.Unpacked;
        if (instruction.Index2 > MaxFixedElements)
        {
            throw new ModuleLimitException($"+0x{_offset:x}: array.new_fixed has {instruction.Index2} operands; this engine takes at most {MaxFixedElements}");
        }

        for (var i = 0; i < instruction.Index2 && !(_isUnreachable && Operands.Count == _height); i++)
        {
            PopOperand(element);
        }

        Operands.Push(Reference(instruction.Index, nullable: false));
    }

    private void CheckArrayNewData(in Instruction instruction)
    {
        RequireNumeric(ElementAt(instruction.Index));
        CheckDataSegment(instruction.Index2);
        PopOperand(ValueType.I32);
        PopOperand(ValueType.I32);
        Operands.Push(Reference(instruction.Index, nullable: false));
    }

    private void CheckArrayNewElem(in Instruction instruction)
    {
        RequireSegmentType(instruction.Index2, ElementAt(instruction.Index));
        PopOperand(ValueType.I32);
        PopOperand(ValueType.I32);
        Operands.Push(Reference(instruction.Index, nullable: false));
    }

    private void CheckArrayGet(in Instruction instruction)
    {
        var element = ElementAt(instruction.Index);
        RequirePacking(in instruction, element.Storage);
        PopOperand(ValueType.I32);
        PopOperand(Reference(instruction.Index));
        Operands.Push(element.Storage.Unpacked);
    }

    private void CheckArraySet(int typeIndex)
    {
        var element = MutableElementAt(typeIndex);
        PopOperand(element.Storage.Unpacked);
        PopOperand(ValueType.I32);
        PopOperand(Reference(typeIndex));
    }

    private void CheckArrayFill(int typeIndex)
    {
        var element = MutableElementAt(typeIndex);
        PopOperand(ValueType.I32);
        PopOperand(element.Storage.Unpacked);
        PopOperand(ValueType.I32);
        PopOperand(Reference(typeIndex));
    }

    private void CheckArrayCopy(in Instruction instruction)
    {
        var destination = MutableElementAt(instruction.Index).Storage;
        var source = ElementAt(instruction.Index2).Storage;
        if (destination.PackedBytes != source.PackedBytes || !_relations.IsSubtype(source.Unpacked, destination.Unpacked))
        {
            ThrowInvalid($"array types do not match: type {instruction.Index2} can't be copied to type {instruction.Index}");
        }

        PopOperand(ValueType.I32);
        PopOperand(ValueType.I32);
        PopOperand(Reference(instruction.Index2));
        PopOperand(ValueType.I32);
        PopOperand(Reference(instruction.Index));
    }

    private void CheckArrayInitData(in Instruction instruction)
    {
        RequireNumeric(MutableElementAt(instruction.Index));
        CheckDataSegment(instruction.Index2);
        PopArrayInit(instruction.Index);
    }

    private void CheckArrayInitElem(in Instruction instruction)
    {
        RequireSegmentType(instruction.Index2, MutableElementAt(instruction.Index));
        PopArrayInit(instruction.Index);
    }

    private void PopArrayInit(int typeIndex)
    {
        PopOperand(ValueType.I32);
        PopOperand(ValueType.I32);
        PopOperand(ValueType.I32);
        PopOperand(Reference(typeIndex));
    }

    private void RequireNumeric(FieldType element)
    {
        if (element.Storage.Unpacked.IsRef)
        {
            ThrowInvalid($"array type is not numeric or vector: its elements are {element.Storage.Unpacked}");
        }
    }

    private void RequireSegmentType(int segment, FieldType element)
    {
        var type = CheckElementSegment(segment);
        if (element.Storage.PackedBytes != 0 || !_relations.IsSubtype(type, element.Storage.Unpacked))
        {
            ThrowInvalid($"type mismatch: a segment of {type} can't fill an array of {element.Storage.Unpacked}");
        }
    }
}
