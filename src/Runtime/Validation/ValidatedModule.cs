using HostService.Runtime.Syntax;

namespace HostService.Runtime.Validation;

/// <summary>A module that obeys every rule of validation. Only the validator can make one, so no later code checks again.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
internal sealed class ValidatedModule
{
    private readonly FunctionFacts[] _facts;

    private ValidatedModule(ValidationContext context, FunctionFacts[] facts) => (Context, _facts) = (context, facts);

    /// <summary>The module.</summary>
    public ModuleSyntax Syntax => Context.Syntax;

    /// <summary>Equality and subtyping of its types.</summary>
    public TypeRelations Relations => Context.Relations;

    /// <summary>What its instructions may refer to.</summary>
    public ValidationContext Context { get; }

    /// <summary>What the validator learnt of a function that is not imported.</summary>
    public ref readonly FunctionFacts Facts(FuncIndex function) => ref _facts[function.Value - Syntax.ImportedFunctionCount];

    /// <summary>A validator to run in step with compiling its functions.</summary>
    public FunctionValidator CreateFunctionValidator() => new(Context);
}
