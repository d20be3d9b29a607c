using System.Collections;
using HostService.Runtime.Syntax;

namespace HostService.Runtime.Validation;

/// <summary>The specification's context <c>C</c>: what the instructions of a module may refer to.</summary>
/// <remarks>
/// Immutable once the module validator has filled it in, and then shared by the validators of all functions.
/// <see href="https://webassembly.github.io/spec/core/valid/conventions.html#contexts">Spec: contexts</see>
/// </remarks>
internal sealed class ValidationContext
{
    private readonly ValueType[]?[] _fieldTypes;

    public ValidationContext(ModuleSyntax syntax, TypeRelations relations, BitArray declaredFunctions, ModuleLimits limits)
    {
        (Syntax, Relations, DeclaredFunctions, Limits) = (syntax, relations, declaredFunctions, limits);
        _fieldTypes = new ValueType[syntax.Types.Length][];
        FuncTypes = Array.ConvertAll(syntax.Types, type => (type.Composite as FuncComposite)?.Type);
    }

    /// <summary>The module.</summary>
    public ModuleSyntax Syntax { get; }

    /// <summary>Equality and subtyping of its types.</summary>
    public TypeRelations Relations { get; }

    /// <summary>Which functions <c>ref.func</c> may name in a body: those that occur outside all bodies.</summary>
    public BitArray DeclaredFunctions { get; }

    /// <summary>How large the module may be.</summary>
    public ModuleLimits Limits { get; }

    /// <summary>
    /// The types of a structure's fields as instructions see them. Made when first asked for; two threads may both make them, either will do.
    /// </summary>
    public ReadOnlySpan<ValueType> FieldTypes(int structType) =>
        _fieldTypes[structType] ??= [.. ((StructComposite)Syntax.Types[structType].Composite).Fields.Select(field => field.Storage.Unpacked)];

    /// <summary>The function type of each type index, or null where the type is a structure or an array.</summary>
    public FuncType?[] FuncTypes { get; }
}
