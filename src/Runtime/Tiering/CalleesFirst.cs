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

    /// <summary>How many functions are looked for; more are left to the background, which makes all that ran.</summary>
    public const int MaxFunctions = 2_000;

    private readonly ConcurrentDictionary<int, int[]> _callees = [];
    private readonly bool[] _isReady = new bool[syntax.Bodies.Length]; // set once a function's code is there, never taken back

    /// <summary>The functions whose code is wanting: some, what they call directly and ran, what those call, and so on.</summary>
    /// <param name="function">The function, counted without the imported ones, to begin with.</param>
    /// <returns>They, callers before what only they call; no more than one above <see cref="MaxFunctions"/>, which means that not all were found.</returns>
    public List<int> Missing(int function) => Missing([function], MaxFunctions + 1);

    /// <summary>The functions that ran and whose code is wanting.</summary>
    public List<int> Missing() => [.. Ran().Where(function => !_isReady[function])];

    private List<int> Missing(IEnumerable<int> functions, int limit)
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

        for (var i = 0; i < found.Count && found.Count < limit; i++)
        {
            foreach (var callee in _callees.GetOrAdd(found[i], CalleesOf))
            {
                if (found.Count < limit && !_isReady[callee] && interpreted.HasRun(callee) && seen.Add(callee))
                {
                    found.Add(callee);
                }
            }
        }

        return found;
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
    public IReadOnlyList<int> RanOften() => Missing(Ran().Where(function => interpreted.WasCalled(function, Often)), int.MaxValue);

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
