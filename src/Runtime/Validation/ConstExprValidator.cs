using HostService.Runtime.Syntax;

namespace HostService.Runtime.Validation;

/// <summary>Checks constant expressions, and notes the functions that they name.</summary>
/// <remarks><see href="https://webassembly.github.io/spec/core/valid/instructions.html#constant-expressions">Spec: constant expressions</see></remarks>
internal sealed class ConstExprValidator
{
    private readonly ValidationContext _context;
    private readonly ModuleSyntax _syntax;
    private readonly FunctionValidator _instructions;

    public ConstExprValidator(ValidationContext context)
    {
        (_context, _syntax) = (context, context.Syntax);
        _instructions = new FunctionValidator(context);
    }

    /// <summary>Checks that an expression is constant and gives a value of a type.</summary>
    /// <param name="expression">The expression.</param>
    /// <param name="expected">What it must give.</param>
    /// <param name="visibleGlobals">How many of the module's globals it may name.</param>
    public void Check(in ConstExpr expression, ValueType expected, int visibleGlobals)
    {
        // By far the most common kind: the offset of a segment.
        if ((expression.Kind == ConstExprKind.I32 && expected == ValueType.I32) || (expression.Kind == ConstExprKind.I64 && expected == ValueType.I64))
        {
            return;
        }

        _instructions.BeginExpression(expected, expression.Offset);
        var reader = expression.Read(_syntax.Binary.Span, _syntax.Features);
        Instruction instruction = default;
        while (reader.Read(ref instruction))
        {
            CheckConstant(in instruction, visibleGlobals);
            _instructions.Step(in instruction);
        }

        _instructions.Complete(in reader);
    }

    private void CheckConstant(in Instruction instruction, int visibleGlobals)
    {
        switch (instruction.Op)
        {
            case Op.GlobalGet:
                CheckGlobal(in instruction, visibleGlobals);
                break;

            case Op.RefFunc:
                // A function that is named outside bodies is declared by that.
                if (instruction.Index < _syntax.FunctionCount)
                {
                    _context.DeclaredFunctions[instruction.Index] = true;
                }

                break;

            case Op.I32Const or Op.I64Const or Op.F32Const or Op.F64Const or Op.V128Const or Op.RefNull or Op.End:
            case Op.I32Add or Op.I32Sub or Op.I32Mul or Op.I64Add or Op.I64Sub or Op.I64Mul:
            case Op.RefI31 or Op.StructNew or Op.StructNewDefault or Op.ArrayNew or Op.ArrayNewDefault or Op.ArrayNewFixed:
            case Op.AnyConvertExtern or Op.ExternConvertAny:
                break;

            default:
                throw new InvalidModuleException($"constant expression required: {instruction.Info.Text} is not constant", instruction.Offset);
        }
    }

    private void CheckGlobal(in Instruction instruction, int visibleGlobals)
    {
        if (instruction.Index >= visibleGlobals)
        {
            throw new InvalidModuleException($"unknown global {instruction.Index}", instruction.Offset);
        }

        if (_syntax.Globals[instruction.Index].Type.IsMutable)
        {
            throw new InvalidModuleException($"constant expression required: global {instruction.Index} is mutable", instruction.Offset);
        }
    }
}
