using static HostService.Runtime.Syntax.InstructionGroup;

namespace HostService.Runtime.Syntax;

/// <content>Parametric and variable instructions.</content>
/// <remarks><see href="https://webassembly.github.io/spec/core/syntax/instructions.html#variable-instructions">Spec</see></remarks>
internal static partial class InstructionTable
{
    private static InstructionInfo[] VariableRows() =>
    [
        // opcode         text format   immediates              type        lowering
        // Parametric instructions.
        new(Op.Drop,      "drop",       Immediates.None,        Contextual, Custom()),
        new(Op.Select,    "select",     Immediates.None,        Contextual, Custom()),
        new(Op.SelectT,   "select",     Immediates.SelectTypes, Contextual, Custom(), ReferenceTypes),

        // Variables.
        new(Op.LocalGet,  "local.get",  Immediates.LocalIndex,  Contextual, Custom()),
        new(Op.LocalSet,  "local.set",  Immediates.LocalIndex,  Contextual, Custom()),
        new(Op.LocalTee,  "local.tee",  Immediates.LocalIndex,  Contextual, Custom()),
        new(Op.GlobalGet, "global.get", Immediates.GlobalIndex, Contextual, Custom()),
        new(Op.GlobalSet, "global.set", Immediates.GlobalIndex, Contextual, Custom()),
    ];
}
