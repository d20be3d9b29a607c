using static HostService.Runtime.Syntax.InstructionGroup;

namespace HostService.Runtime.Syntax;

/// <content>Aggregate instructions: structures and arrays.</content>
/// <remarks><see href="https://webassembly.github.io/spec/core/syntax/instructions.html#aggregate-instructions">Spec</see></remarks>
internal static partial class InstructionTable
{
    private static InstructionInfo[] AggregateRows() =>
    [
        // opcode                text format           immediates                 type                       lowering
        // Structures.
        new(Op.StructNew,        "struct.new",         Immediates.TypeIndex,      Contextual,                Custom(), Gc),
        new(Op.StructNewDefault, "struct.new_default", Immediates.TypeIndex,      Contextual,                Custom(), Gc),
        new(Op.StructGet,        "struct.get",         Immediates.TypeAndField,   Contextual,                Custom(), Gc),
        new(Op.StructGetS,       "struct.get_s",       Immediates.TypeAndField,   Contextual,                Custom(), Gc),
        new(Op.StructGetU,       "struct.get_u",       Immediates.TypeAndField,   Contextual,                Custom(), Gc),
        new(Op.StructSet,        "struct.set",         Immediates.TypeAndField,   Contextual,                Custom(), Gc),

        // Arrays.
        new(Op.ArrayNew,         "array.new",          Immediates.TypeIndex,      Contextual,                Custom(), Gc),
        new(Op.ArrayNewDefault,  "array.new_default",  Immediates.TypeIndex,      Contextual,                Custom(), Gc),
        new(Op.ArrayNewFixed,    "array.new_fixed",    Immediates.TypeAndCount,   Contextual,                Custom(), Gc),
        new(Op.ArrayNewData,     "array.new_data",     Immediates.TypeAndData,    Contextual,                Custom(), Gc),
        new(Op.ArrayNewElem,     "array.new_elem",     Immediates.TypeAndElement, Contextual,                Custom(), Gc),
        new(Op.ArrayGet,         "array.get",          Immediates.TypeIndex,      Contextual,                Custom(), Gc),
        new(Op.ArrayGetS,        "array.get_s",        Immediates.TypeIndex,      Contextual,                Custom(), Gc),
        new(Op.ArrayGetU,        "array.get_u",        Immediates.TypeIndex,      Contextual,                Custom(), Gc),
        new(Op.ArraySet,         "array.set",          Immediates.TypeIndex,      Contextual,                Custom(), Gc),
        new(Op.ArrayLen,         "array.len",          Immediates.None,           Effect([ArrayRef], [I32]), Custom(), Gc),
        new(Op.ArrayFill,        "array.fill",         Immediates.TypeIndex,      Contextual,                Custom(), Gc),
        new(Op.ArrayCopy,        "array.copy",         Immediates.TypeAndType,    Contextual,                Custom(), Gc),
        new(Op.ArrayInitData,    "array.init_data",    Immediates.TypeAndData,    Contextual,                Custom(), Gc),
        new(Op.ArrayInitElem,    "array.init_elem",    Immediates.TypeAndElement, Contextual,                Custom(), Gc),
    ];
}
