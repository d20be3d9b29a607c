namespace HostService.Runtime.Validation;

/// <summary>What the validator learns of a function in passing and the compiler wants to know before it begins.</summary>
/// <param name="LocalCount">How many locals it has, parameters included.</param>
/// <param name="MaxOperands">The most operands that are on the stack at once.</param>
/// <param name="MaxFrames">How deep its blocks are nested, the body included.</param>
/// <param name="LastCall">Where its last call or throw is, in bytes from the start of the binary; 0 when it has none.</param>
/// <param name="HasCalls">Whether it calls anything where that is not known to be unreachable.</param>
/// <param name="HasLoops">Whether it has a <c>loop</c>.</param>
/// <param name="HasHandlers">Whether it has a <c>try_table</c> or a legacy <c>try</c>.</param>
internal readonly record struct FunctionFacts(
    int LocalCount, int MaxOperands, int MaxFrames, int LastCall, bool HasCalls, bool HasLoops, bool HasHandlers);
