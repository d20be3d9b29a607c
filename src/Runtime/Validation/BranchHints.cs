using HostService.Runtime.Errors;
using HostService.Runtime.Syntax;
using HostService.Runtime.Types;

namespace HostService.Runtime.Validation;

/// <summary>Checks the section <c>metadata.code.branch_hint</c>, in which a compiler says which branches are likely.</summary>
/// <remarks><see href="https://webassembly.github.io/spec/core/appendix/custom.html#branch-hint-section">Spec: branch hint section</see></remarks>
internal static class BranchHints
{
    /// <summary>The section's name.</summary>
    public const string SectionName = "metadata.code.branch_hint";

    /// <summary>Checks a section of a valid module.</summary>
    /// <exception cref="MalformedModuleException">It can't be read, or is not in the order that it should be in.</exception>
    /// <exception cref="InvalidModuleException">It hints at what does not exist or is no branch.</exception>
    public static void Check(ModuleSyntax module, CustomSection section)
    {
        if (module.Bodies.Length > 0 && section.Offset > module.CodeSectionOffset)
        {
            throw new MalformedModuleException("branch hint section must come before the code section", section.Offset);
        }

        var reader = new WasmReader(module.Binary.Span, section.Offset, section.Offset + section.Length);
        var count = reader.ReadCount(itemBytes: 2);
        var previous = -1;
        for (var i = 0; i < count; i++)
        {
            var at = reader.Position;
            var function = reader.ReadIndex();
            if (function <= previous)
            {
                throw new MalformedModuleException($"function {function} comes after function {previous} in the branch hints", at);
            }

            if (function < module.ImportedFunctionCount || function >= module.FunctionCount)
            {
                throw new InvalidModuleException($"function {function} of the branch hints has no body", at);
            }

            CheckFunction(module, new FuncIndex(function), ref reader);
            previous = function;
        }

        if (!reader.AtEnd)
        {
            throw new MalformedModuleException("branch hint section size mismatch", reader.Position);
        }
    }

    private static void CheckFunction(ModuleSyntax module, FuncIndex function, ref WasmReader reader)
    {
        var body = module.Body(function);
        var locals = new WasmReader(module.Binary.Span, body.Offset, body.Offset + body.Length);
        new LocalTypes().ReadDeclarations(ref locals, int.MaxValue);
        var instructions = new InstructionReader(module.Binary.Span, locals.Position, body.Offset + body.Length, module.Features);
        var instruction = default(Instruction);
        var count = reader.ReadCount(itemBytes: 3);
        var previous = -1;
        for (var i = 0; i < count; i++)
        {
            var at = reader.Position;
            var offset = reader.ReadIndex();
            if (offset <= previous)
            {
                throw new MalformedModuleException($"branch hint at {offset} comes after the one at {previous}", at);
            }

            if (reader.ReadU32() != 1 || reader.ReadByte() > 1)
            {
                throw new MalformedModuleException("branch hint is neither 0 nor 1", at);
            }

            if (!IsBranch(ref instructions, ref instruction, body.Offset + offset))
            {
                throw new InvalidModuleException($"invalid target: the branch hint at {offset} is for no if or br_if", at, function.Value);
            }

            previous = offset;
        }
    }

    // Hints are in order, so the body is read once.
    private static bool IsBranch(ref InstructionReader instructions, ref Instruction instruction, int offset)
    {
        while (instructions.Position <= offset && instructions.Read(ref instruction))
        {
            if (instruction.Offset == offset)
            {
                return instruction.Op is Op.If or Op.BrIf;
            }
        }

        return false;
    }
}
