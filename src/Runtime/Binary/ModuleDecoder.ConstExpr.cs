using HostService.Runtime.Syntax;

namespace HostService.Runtime.Binary;

/// <content>Constant expressions.</content>
/// <remarks><see href="https://webassembly.github.io/spec/core/binary/instructions.html#expressions">Spec: expressions</see></remarks>
internal sealed partial class ModuleDecoder
{
    private ConstExpr ReadConstExpr(ref WasmReader reader)
    {
        var start = reader.Position;
        var instructions = new InstructionReader(_module.Binary.Span, start, reader.End, _features);
        Instruction first = default;
        Instruction next = default;
        var count = 0;

        // Blocks are not constant, which is for validation to say; here they only must not hide the end.
        for (var depth = 1; depth > 0; count++)
        {
            if (!instructions.Read(ref next))
            {
                WasmReader.ThrowMalformed("unexpected end of section or function: END opcode expected", instructions.Position);
            }

            depth += next.Op switch
            {
                Op.Block or Op.Loop or Op.If or Op.TryTable or Op.Try => 1,
                Op.End or Op.Delegate => -1,
                _ => 0,
            };
            if (count == 0)
            {
                first = next;
            }
        }

        reader.Position = instructions.Position;
        var (kind, bits, type) = count == 2 ? Simplify(in first) : default;
        return new ConstExpr(start, reader.Position - start, kind, bits, type);
    }

    private static (ConstExprKind Kind, ulong Bits, ValueType Type) Simplify(in Instruction instruction) => instruction.Op switch
    {
        Op.I32Const => (ConstExprKind.I32, instruction.Immediate, default),
        Op.I64Const => (ConstExprKind.I64, instruction.Immediate, default),
        Op.F32Const => (ConstExprKind.F32, instruction.Immediate, default),
        Op.F64Const => (ConstExprKind.F64, instruction.Immediate, default),
        Op.GlobalGet => (ConstExprKind.GlobalGet, (ulong)instruction.Index, default),
        Op.RefFunc => (ConstExprKind.RefFunc, (ulong)instruction.Index, default),
        Op.RefNull => (ConstExprKind.RefNull, 0, instruction.Type),
        _ => (ConstExprKind.General, 0, default),
    };
}
