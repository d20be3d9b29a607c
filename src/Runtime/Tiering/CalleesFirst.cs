using System.Collections.Concurrent;
using HostService.Runtime.Compilation.Background;
using HostService.Runtime.Execution.Code;
using HostService.Runtime.Interpretation;
using HostService.Runtime.Syntax;

namespace HostService.Runtime.Tiering;

/// <summary>Makes the code of a function and of what it calls before the function is handed over, so that compiled code calls nothing that the CLR would have to compile on the guest's thread.</summary>
/// <remarks>Only what has run counts: what a function could call but never did is a cold path, and there is much of it. What is called through tables and references isn't seen. Thread-safe. See docs/adr/0098.</remarks>
/// <param name="syntax">The module.</param>
/// <param name="interpreted">What of it is interpreted.</param>
/// <param name="ran">A byte for each function, set when it ran, in whatever way.</param>
internal sealed class CalleesFirst(ModuleSyntax syntax, InterpretedModule interpreted, byte[] ran) : IInterpretedFunctions
{
    /// <summary>How many calls tell what works from what begins: initialisers, which are long and run once for each instance.</summary>
    private const int Often = 16;

    private readonly ConcurrentDictionary<int, int[]> _callees = [];
    private readonly bool[] _isReady = new bool[syntax.Bodies.Length]; // set once a function's code is there, never taken back

    /// <summary>The functions whose code is wanting: some, what they call directly and ran, what those call, and so on.</summary>
    /// <param name="functions">The functions, counted without the imported ones, to begin with.</param>
    public List<int> Missing(params IEnumerable<int> functions)
    {
        var found = new List<int>();
        var seen = new HashSet<int>();
        foreach (var function in functions)
        {
            if (!_isReady[function] && seen.Add(function))
            {
                found.Add(function);
            }
        }

        for (var i = 0; i < found.Count; i++)
        {
            foreach (var callee in _callees.GetOrAdd(found[i], CalleesOf))
            {
                if (!_isReady[callee] && interpreted.HasRun(callee) && seen.Add(callee))
                {
                    found.Add(callee);
                }
            }
        }

        return found;
    }

    /// <summary>Has the CLR compile functions.</summary>
    /// <param name="code">The code of the instances that are interpreted.</param>
    /// <param name="functions">What to compile.</param>
    public static void Prepare(ModuleCode code, IReadOnlyList<int> functions)
    {
        // Callees are found after their callers.
        for (var i = functions.Count - 1; i >= 0; i--)
        {
            code.PrepareFunction(functions[i]);
        }
    }

    /// <inheritdoc/>
    public void UseCompiled(IReadOnlyList<int> functions)
    {
        foreach (var function in functions)
        {
            _isReady[function] = true;
            interpreted.UseCompiled(function);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<int> Ran() => RunProfile.Of(ran);

    /// <inheritdoc/>
    public IReadOnlyList<int> RanOften() => Missing(Ran().Where(function => interpreted.WasCalled(function, Often)));

    private int[] CalleesOf(int function)
    {
        var callees = new HashSet<int>();
        var reader = InstructionReader.OfBody(syntax, function);
        var instruction = default(Instruction);
        while (reader.Read(ref instruction))
        {
            if (instruction.Op is Op.Call or Op.ReturnCall && instruction.Index >= syntax.ImportedFunctionCount)
            {
                callees.Add(instruction.Index - syntax.ImportedFunctionCount);
            }
        }

        return [.. callees];
    }
}
