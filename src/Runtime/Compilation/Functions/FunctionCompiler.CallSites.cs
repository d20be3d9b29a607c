using HostService.Runtime.Execution.Code;
using HostService.Runtime.Syntax;

namespace HostService.Runtime.Compilation.Functions;

/// <content>Keeps the calls of a function in different statements of RyuJIT's, so that a frame tells which call it is in. See docs/adr/0090.</content>
internal sealed partial class FunctionCompiler
{
    private const int NoCall = -1;

    private bool _separatesCalls;
    private int _lastCall;
    private bool _callToSeparate;

    private void BeginCallSites(int definedFunction)
    {
        var module = _layout.Module;
        _callToSeparate = false;
        _separatesCalls = module.Bodies[definedFunction].Length <= AddressMap.MaxSeparatedBytes;
        // Of a stored module nothing is known, and one statement too many does no harm.
        _lastCall = IsContinuation ? NoCall : _module.Facts(new FuncIndex(module.ImportedFunctionCount + definedFunction)).LastCall;
    }

    /// <summary>Ends the statement that a call is in: RyuJIT says of a return address only in which statement it lies.</summary>
    /// <remarks>
    /// It would put the call's result back into the statement that uses it, with the next call, were there no other statement in between. This one becomes no machine code in
    /// optimised code, and keeps only alive what the next call needs anyway, which is why there is none after the last call. A call without a result is a statement of its own, and
    /// where the result is what the next branch asks for, the next call is in another block.
    /// </remarks>
    private void SeparateCall(Signature signature)
    {
        if (!_separatesCalls || _offset == _lastCall || _dead)
        {
            return;
        }

        if (signature.Results.Length == 0)
        {
            SpillStack();
        }
        else
        {
            _callToSeparate = true;
        }
    }

    /// <summary>Ends the statement of the call that came before, unless it is certain that the block ends before another call.</summary>
    private void SeparateCallBefore(Op instruction)
    {
        // Neither calls nor ends the block: programs that keep their stack pointer in a global read it back before they branch.
        if (!_callToSeparate || instruction is Op.GlobalGet or Op.LocalSet or Op.I32Eqz)
        {
            return;
        }

        _callToSeparate = false;
        if (instruction is not (Op.BrIf or Op.If))
        {
            // slots = results and what lies below; GC.KeepAlive(state);
            SpillStack();
            LoadState();
            _il.Call(Members.KeepAlive);
        }
    }
}
