using static HostService.Runtime.Syntax.InstructionGroup;

namespace HostService.Runtime.Syntax;

/// <content>Control instructions: blocks, branches, calls and exceptions.</content>
/// <remarks><see href="https://webassembly.github.io/spec/core/syntax/instructions.html#control-instructions">Spec</see></remarks>
internal static partial class InstructionTable
{
    private static InstructionInfo[] ControlRows() =>
    [
        // opcode                  text format             immediates               type            lowering
        // Blocks and branches.
        new(Op.Unreachable,        "unreachable",          Immediates.None,         Contextual,     Custom()),
        new(Op.Nop,                "nop",                  Immediates.None,         Effect([], []), Il()),
        new(Op.Block,              "block",                Immediates.BlockType,    Contextual,     Custom()),
        new(Op.Loop,               "loop",                 Immediates.BlockType,    Contextual,     Custom()),
        new(Op.If,                 "if",                   Immediates.BlockType,    Contextual,     Custom()),
        new(Op.Else,               "else",                 Immediates.None,         Contextual,     Custom()),
        new(Op.End,                "end",                  Immediates.None,         Contextual,     Custom()),
        new(Op.Br,                 "br",                   Immediates.Label,        Contextual,     Custom()),
        new(Op.BrIf,               "br_if",                Immediates.Label,        Contextual,     Custom()),
        new(Op.BrTable,            "br_table",             Immediates.LabelTable,   Contextual,     Custom()),
        new(Op.Return,             "return",               Immediates.None,         Contextual,     Custom()),
        new(Op.BrOnNull,           "br_on_null",           Immediates.Label,        Contextual,     Custom(), FunctionReferences),
        new(Op.BrOnNonNull,        "br_on_non_null",       Immediates.Label,        Contextual,     Custom(), FunctionReferences),
        new(Op.BrOnCast,           "br_on_cast",           Immediates.BranchOnCast, Contextual,     Custom(), Gc),
        new(Op.BrOnCastFail,       "br_on_cast_fail",      Immediates.BranchOnCast, Contextual,     Custom(), Gc),

        // Calls.
        new(Op.Call,               "call",                 Immediates.FuncIndex,    Contextual,     Custom()),
        new(Op.CallIndirect,       "call_indirect",        Immediates.TypeAndTable, Contextual,     Custom()),
        new(Op.CallRef,            "call_ref",             Immediates.TypeIndex,    Contextual,     Custom(), FunctionReferences),
        new(Op.ReturnCall,         "return_call",          Immediates.FuncIndex,    Contextual,     Custom(), TailCall),
        new(Op.ReturnCallIndirect, "return_call_indirect", Immediates.TypeAndTable, Contextual,     Custom(), TailCall),
        new(Op.ReturnCallRef,      "return_call_ref",      Immediates.TypeIndex,    Contextual,     Custom(), TailCall),

        // Exceptions.
        new(Op.TryTable,           "try_table",            Immediates.Catches,      Contextual,     Custom(), Exceptions),
        new(Op.Throw,              "throw",                Immediates.TagIndex,     Contextual,     Custom(), Exceptions),
        new(Op.ThrowRef,           "throw_ref",            Immediates.None,         Contextual,     Custom(), Exceptions),

        // Legacy exceptions.
        new(Op.Try,                "try",                  Immediates.BlockType,    Contextual,     Custom(), LegacyExceptions),
        new(Op.Catch,              "catch",                Immediates.TagIndex,     Contextual,     Custom(), LegacyExceptions),
        new(Op.CatchAll,           "catch_all",            Immediates.None,         Contextual,     Custom(), LegacyExceptions),
        new(Op.Delegate,           "delegate",             Immediates.Label,        Contextual,     Custom(), LegacyExceptions),
        new(Op.Rethrow,            "rethrow",              Immediates.Label,        Contextual,     Custom(), LegacyExceptions),
    ];
}
