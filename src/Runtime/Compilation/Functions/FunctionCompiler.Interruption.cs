using HostService.Runtime.Syntax;

namespace HostService.Runtime.Compilation.Functions;

/// <content>Where deadline checks are: enough of them that between two there is only so much work. See docs/adr/0087.</content>
internal sealed partial class FunctionCompiler
{
    // A function that calls nothing looks at the deadline all the same when it is longer than this: a caller without a loop may call it two million times in a row.
    private const int LongLeafBytes = 512;

    /// <summary>Whether a function that is not imported looks at the deadline and the stack whenever it is entered.</summary>
    private bool ChecksAtEntry(int definedFunction)
    {
        var module = _layout.Module;
        return !_options.OmitsInterruption
            && (_module.Facts(new FuncIndex(module.ImportedFunctionCount + definedFunction)).HasCalls || module.Bodies[definedFunction].Length > LongLeafBytes);
    }

    /// <summary>Whether each iteration of a loop calls a function that checks at entry, so that the loop need not.</summary>
    /// <param name="bodyOffset">Where the loop's first instruction is, in bytes from the start of the binary.</param>
    private bool IsCheckedByCalls(int bodyOffset)
    {
        var module = _layout.Module;
        if (!_module.Facts(new FuncIndex(module.ImportedFunctionCount + _function)).HasCalls)
        {
            return false;
        }

        var body = module.Bodies[_function];
        var iteration = new LoopIteration(module.Binary.Span, bodyOffset, body.Offset + body.Length, module.Features);
        while (iteration.NextCertainCall(out var callee))
        {
            if (callee >= module.ImportedFunctionCount && ChecksAtEntry(callee - module.ImportedFunctionCount))
            {
                return true;
            }
        }

        return false;
    }
}
