namespace HostService.Runtime;

/// <summary>A host function whose types are known only at run time.</summary>
/// <param name="caller">Who calls.</param>
/// <param name="arguments">The arguments, of the function's parameter types. Valid until the callback returns.</param>
/// <param name="results">Where the results go; each must be set to a value of the function's result type.</param>
/// <remarks>An exception other than <see cref="Errors.WasmException"/> ends the guest and reaches the embedder unchanged: it is the host's fault, never a trap.</remarks>
public delegate void HostCallback(Caller caller, ReadOnlySpan<Value> arguments, Span<Value> results);
