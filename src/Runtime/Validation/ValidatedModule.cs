using System.Collections.Concurrent;
using HostService.Runtime.Syntax;

namespace HostService.Runtime.Validation;

/// <summary>A module that obeys every rule of validation. Only the validator and the loader of stored modules can make one, so no later code checks again.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
internal sealed class ValidatedModule
{
    private readonly FunctionFacts[] _facts;
    private readonly ConcurrentDictionary<int, FunctionFacts>? _looked; // of a stored module, whose functions are looked at when somebody asks

    private ValidatedModule(ValidationContext context, FunctionFacts[]? facts)
    {
        (Context, _facts) = (context, facts ?? []);
        _looked = facts is null ? new() : null;
    }

    /// <summary>The module.</summary>
    public ModuleSyntax Syntax => Context.Syntax;

    /// <summary>Equality and subtyping of its types.</summary>
    public TypeRelations Relations => Context.Relations;

    /// <summary>What its instructions may refer to.</summary>
    public ValidationContext Context { get; }

    /// <summary>What the validator learnt of a function that is not imported.</summary>
    public FunctionFacts Facts(FuncIndex function) => _looked is null
        ? _facts[function.Value - Syntax.ImportedFunctionCount]
        : _looked.GetOrAdd(function.Value, static (index, module) => module.CreateFunctionValidator().Validate(new FuncIndex(index)), this);

    /// <summary>A validator to run in step with compiling its functions.</summary>
    public FunctionValidator CreateFunctionValidator() => new(Context);

    /// <summary>Validates a module.</summary>
    /// <exception cref="MalformedModuleException">A function's body can't be read.</exception>
    /// <exception cref="InvalidModuleException">A rule is broken. Of several broken functions the one with the lowest index is named.</exception>
    /// <exception cref="ModuleLimitException">A function is larger in some respect than <paramref name="limits"/> or this engine allow.</exception>
    public static ValidatedModule Validate(ModuleSyntax syntax, ModuleLimits limits, CancellationToken cancellationToken = default)
    {
        var context = ModuleValidator.Check(syntax, limits);
        return new ValidatedModule(context, FunctionBodies.Validate(context, cancellationToken));
    }

    /// <summary>Takes a module that was validated before it was stored, and whose stored form is undamaged: the bodies of its functions are not looked at again.</summary>
    /// <remarks>It is compiled already, so that hardly anybody wants to know more of its functions: only continuations of some of them are compiled yet.</remarks>
    public static ValidatedModule FromStored(ModuleSyntax syntax, ModuleLimits limits) => new(ModuleValidator.Check(syntax, limits), facts: null);
}
