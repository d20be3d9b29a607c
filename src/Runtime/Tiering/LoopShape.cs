using HostService.Runtime.Syntax;

namespace HostService.Runtime.Tiering;

/// <summary>What a loop calls.</summary>
internal enum LoopCalls
{
    /// <summary>Nothing but host functions.</summary>
    None,

    /// <summary>Functions of its module.</summary>
    Known,

    /// <summary>What a table or a reference says.</summary>
    Unknown,
}

/// <summary>What the policy wants to know of a loop.</summary>
/// <param name="Bytes">How long it is in the binary.</param>
/// <param name="Calls">What it calls.</param>
internal readonly record struct LoopShape(int Bytes, LoopCalls Calls)
{
    /// <summary>Looks at a loop.</summary>
    /// <param name="module">The module.</param>
    /// <param name="body">The function's body.</param>
    /// <param name="loop">Where the <c>loop</c> is, in bytes from the start of the binary.</param>
    public static LoopShape Of(ModuleSyntax module, in CodeBody body, int loop)
    {
        var reader = new InstructionReader(module.Binary.Span, loop, body.Offset + body.Length, module.Features);
        var instruction = default(Instruction);
        var calls = LoopCalls.None;
        for (var depth = 0; reader.Read(ref instruction);)
        {
            switch (instruction.Op)
            {
                case Op.Block or Op.Loop or Op.If or Op.TryTable or Op.Try: depth++; break;
                case Op.End or Op.Delegate: depth--; break;
                case Op.Call or Op.ReturnCall when instruction.Index >= module.ImportedFunctionCount: calls = (LoopCalls)Math.Max((int)calls, (int)LoopCalls.Known); break;
                case Op.CallIndirect or Op.ReturnCallIndirect or Op.CallRef or Op.ReturnCallRef: calls = LoopCalls.Unknown; break;
            }

            if (depth == 0)
            {
                break;
            }
        }

        return new LoopShape(instruction.Offset - loop, calls);
    }
}
