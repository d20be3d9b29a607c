using HostService.Runtime.Execution.Code;
using HostService.Runtime.Syntax;

namespace HostService.Runtime.Compilation.Functions;

/// <content>Keeps the calls of a function in different statements of RyuJIT's, so that a frame tells which call it is in. See docs/adr/0090.</content>
internal sealed partial class FunctionCompiler
{
    private bool _separatesCalls;
    private int _lastCall;

    private void BeginCallSites(int definedFunction)
    {
        var module = _layout.Module;
        _separatesCalls = module.Bodies[definedFunction].Length <= AddressMap.MaxSeparatedBytes;
        _lastCall = _module.Facts(new FuncIndex(module.ImportedFunctionCount + definedFunction)).LastCall;
    }

    /// <summary>Ends the statement that a call is in: RyuJIT says of a return address only in which statement it lies.</summary>
    /// <remarks>
    /// It would put the call's result back into the statement that uses it, with the next call, were there no other statement in between. This one becomes no machine code in
    /// optimised code, and keeps only alive what the next call needs anyway, which is why there is none after the last call.
    /// </remarks>
    private void SeparateCall()
    {
        if (!_separatesCalls || _offset == _lastCall || _dead)
        {
            return;
        }

        // slots = results and what lies below; GC.KeepAlive(state);
        SpillStack();
        LoadState();
        _il.Call(Members.KeepAlive);
    }
}
