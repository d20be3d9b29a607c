using HostService.Runtime.Execution.Heap;

using static HostService.Runtime.Syntax.InstructionGroup;

namespace HostService.Runtime.Syntax;

/// <content>Reference instructions.</content>
/// <remarks><see href="https://webassembly.github.io/spec/core/syntax/instructions.html#reference-instructions">Spec</see></remarks>
internal static partial class InstructionTable
{
    private static InstructionInfo[] ReferenceRows() =>
    [
        // opcode                text format           immediates            type                           lowering
        // References.
        new(Op.RefNull,          "ref.null",           Immediates.HeapType,  Contextual,                    Custom(), ReferenceTypes),
        new(Op.RefIsNull,        "ref.is_null",        Immediates.None,      Contextual,                    Custom(), ReferenceTypes),
        new(Op.RefFunc,          "ref.func",           Immediates.FuncIndex, Contextual,                    Custom(), ReferenceTypes),
        new(Op.RefEq,            "ref.eq",             Immediates.None,      Effect([EqRef, EqRef], [I32]), Custom(), Gc),
        new(Op.RefAsNonNull,     "ref.as_non_null",    Immediates.None,      Contextual,                    Custom(), FunctionReferences),
        new(Op.RefTest,          "ref.test",           Immediates.HeapType,  Contextual,                    Custom(), Gc),
        new(Op.RefTestNull,      "ref.test null",      Immediates.HeapType,  Contextual,                    Custom(), Gc),
        new(Op.RefCast,          "ref.cast",           Immediates.HeapType,  Contextual,                    Custom(), Gc),
        new(Op.RefCastNull,      "ref.cast null",      Immediates.HeapType,  Contextual,                    Custom(), Gc),
        new(Op.AnyConvertExtern, "any.convert_extern", Immediates.None,      Contextual,                    Custom(), Gc),
        new(Op.ExternConvertAny, "extern.convert_any", Immediates.None,      Contextual,                    Custom(), Gc),
        new(Op.RefI31,           "ref.i31",            Immediates.None,      Effect([I32], [NonNullI31]),   Custom(), Gc),
        new(Op.I31GetS,          "i31.get_s",          Immediates.None,      Effect([I31Ref], [I32]),       Custom(), Gc),
        new(Op.I31GetU,          "i31.get_u",          Immediates.None,      Effect([I31Ref], [I32]),       Custom(), Gc),
    ];
}
