using static HostService.Runtime.Syntax.InstructionGroup;

namespace HostService.Runtime.Syntax;

/// <content>Table instructions.</content>
/// <remarks><see href="https://webassembly.github.io/spec/core/syntax/instructions.html#table-instructions">Spec</see></remarks>
internal static partial class InstructionTable
{
    private static InstructionInfo[] TableRows() =>
    [
        // opcode         text format   immediates                  type        lowering
        // Tables.
        new(Op.TableGet,  "table.get",  Immediates.TableIndex,      Contextual, Custom(), ReferenceTypes),
        new(Op.TableSet,  "table.set",  Immediates.TableIndex,      Contextual, Custom(), ReferenceTypes),
        new(Op.TableInit, "table.init", Immediates.ElementAndTable, Contextual, Custom(), BulkMemory),
        new(Op.ElemDrop,  "elem.drop",  Immediates.ElementIndex,    Contextual, Custom(), BulkMemory),
        new(Op.TableCopy, "table.copy", Immediates.TableAndTable,   Contextual, Custom(), BulkMemory),
        new(Op.TableGrow, "table.grow", Immediates.TableIndex,      Contextual, Custom(), ReferenceTypes),
        new(Op.TableSize, "table.size", Immediates.TableIndex,      Contextual, Custom(), ReferenceTypes),
        new(Op.TableFill, "table.fill", Immediates.TableIndex,      Contextual, Custom(), ReferenceTypes),
    ];
}
