using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Text;
using HostService.Runtime.Execution.Code;

namespace HostService.Runtime.Compilation.IL;

/// <summary>Writes the IL of an image's methods as text: what golden files hold, and what a person reads who asks what a function became.</summary>
internal static class ILListing
{
    private static readonly FrozenDictionary<int, OpCode> s_opCodes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToFrozenDictionary(code => (int)(ushort)code.Value);

    /// <summary>Lists every method: locals, then one line for each instruction, labels on lines of their own; without the room for the entry mark.</summary>
    public static string Of(byte[] image)
    {
        using var reader = new PEReader(new MemoryStream(image, writable: false));
        var metadata = reader.GetMetadataReader();
        var text = new StringBuilder();
        foreach (var handle in metadata.MethodDefinitions)
        {
            var method = metadata.GetMethodDefinition(handle);
            var signature = method.DecodeSignature(TypeNames.Instance, null);
            var body = reader.GetMethodBody(method.RelativeVirtualAddress);
            text.Append(metadata.GetString(method.Name)).Append('(').AppendJoin(", ", signature.ParameterTypes).Append(") -> ").Append(signature.ReturnType)
                .Append("  // maxstack ").Append(body.MaxStack).Append('\n');
            if (!body.LocalSignature.IsNil)
            {
                var locals = metadata.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(TypeNames.Instance, null);
                text.Append("    locals ").AppendJoin(", ", locals.Select((type, index) => $"{index}: {type}")).Append('\n');
            }

            List(text, metadata, body.GetILBytes()!);
            text.Append('\n');
        }

        return text.ToString();
    }

    private static void List(StringBuilder text, MetadataReader metadata, byte[] il)
    {
        var labels = Targets(il).Distinct().Order().Select((offset, index) => (offset, index)).ToDictionary(pair => pair.offset, pair => pair.index);
        foreach (var (offset, code, operand) in Decode(il).SkipWhile(instruction => instruction.Offset < EntryMark.Bytes && instruction.Code == OpCodes.Nop))
        {
            if (labels.TryGetValue(offset, out var label))
            {
                text.Append("  L").Append(label).Append(":\n");
            }

            text.Append("    ").Append(code.Name);
            var value = Operand(metadata, il, code, operand, labels);
            text.Append(value.Length == 0 ? "" : " ").Append(value).Append('\n');
        }
    }

    private static IEnumerable<(int Offset, OpCode Code, int Operand)> Decode(byte[] il)
    {
        for (var position = 0; position < il.Length;)
        {
            var start = position;
            int value = il[position++];
            if (value == 0xFE)
            {
                value = 0xFE00 | il[position++];
            }

            var code = s_opCodes[value];
            yield return (start, code, position);
            position += OperandBytes(code, il, position);
        }
    }

    private static int OperandBytes(OpCode code, byte[] il, int operand) => code.OperandType switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineI or OperandType.ShortInlineVar or OperandType.ShortInlineBrTarget => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + (4 * BinaryPrimitives.ReadInt32LittleEndian(il.AsSpan(operand))),
        _ => 4,
    };

    private static IEnumerable<int> Targets(byte[] il)
    {
        foreach (var (_, code, operand) in Decode(il))
        {
            if (code.OperandType is OperandType.InlineBrTarget or OperandType.InlineSwitch)
            {
                foreach (var target in Targets(il, code, operand))
                {
                    yield return target;
                }
            }
        }
    }

    private static IEnumerable<int> Targets(byte[] il, OpCode code, int operand)
    {
        var end = operand + OperandBytes(code, il, operand);
        for (var position = code.OperandType == OperandType.InlineSwitch ? operand + 4 : operand; position < end; position += 4)
        {
            yield return end + BinaryPrimitives.ReadInt32LittleEndian(il.AsSpan(position));
        }
    }

    private static string Operand(MetadataReader metadata, byte[] il, OpCode code, int operand, Dictionary<int, int> labels)
    {
        var bytes = il.AsSpan(operand);
        return code.OperandType switch
        {
            OperandType.InlineNone => "",
            OperandType.ShortInlineI => ((sbyte)bytes[0]).ToString(CultureInfo.InvariantCulture),
            OperandType.ShortInlineVar => bytes[0].ToString(CultureInfo.InvariantCulture),
            OperandType.InlineVar => BinaryPrimitives.ReadUInt16LittleEndian(bytes).ToString(CultureInfo.InvariantCulture),
            OperandType.InlineI => BinaryPrimitives.ReadInt32LittleEndian(bytes).ToString(CultureInfo.InvariantCulture),
            OperandType.InlineI8 => BinaryPrimitives.ReadInt64LittleEndian(bytes).ToString(CultureInfo.InvariantCulture),
            OperandType.InlineR => BinaryPrimitives.ReadDoubleLittleEndian(bytes).ToString("R", CultureInfo.InvariantCulture),
            OperandType.ShortInlineR => BinaryPrimitives.ReadSingleLittleEndian(bytes).ToString("R", CultureInfo.InvariantCulture),
            OperandType.InlineBrTarget or OperandType.InlineSwitch => string.Join(", ", Targets(il, code, operand).Select(target => $"L{labels[target]}")),
            _ => Name(metadata, MetadataTokens.EntityHandle(BinaryPrimitives.ReadInt32LittleEndian(bytes))),
        };
    }

    private static string Name(MetadataReader metadata, EntityHandle token)
    {
        switch (token.Kind)
        {
            case HandleKind.MemberReference:
                var member = metadata.GetMemberReference((MemberReferenceHandle)token);
                return $"{TypeNames.Instance.GetTypeFromReference(metadata, (TypeReferenceHandle)member.Parent, 0)}::{metadata.GetString(member.Name)}";
            case HandleKind.MethodDefinition:
                return metadata.GetString(metadata.GetMethodDefinition((MethodDefinitionHandle)token).Name);
            case HandleKind.StandaloneSignature:
                var signature = metadata.GetStandaloneSignature((StandaloneSignatureHandle)token).DecodeMethodSignature(TypeNames.Instance, null);
                return $"({string.Join(", ", signature.ParameterTypes)}) -> {signature.ReturnType}";
            default:
                return metadata.GetTypeSpecification((TypeSpecificationHandle)token).DecodeSignature(TypeNames.Instance, null);
        }
    }
}
