using HostService.Runtime.Syntax;
using HostService.Runtime.Types;

namespace HostService.Runtime.Compilation.Background;

/// <summary>In which order the functions of a module are optimised: what is likely to run first comes first.</summary>
/// <remarks>
/// Before anything has run the module itself has to tell: the start function, then what is exported, then what those call, level by level, then what is in
/// tables and what that calls, then the rest. <see cref="MethodQueue"/> puts what ran before all of it.
/// </remarks>
internal sealed class MethodOrder
{
    private readonly ModuleSyntax _module;
    private readonly int[] _order;
    private readonly bool[] _taken;
    private int _count;

    private MethodOrder(ModuleSyntax module, int methodCount)
    {
        _module = module;
        _order = new int[methodCount];
        _taken = new bool[module.Bodies.Length];
    }

    /// <summary>Works the order out.</summary>
    /// <param name="module">A valid module.</param>
    /// <param name="splitFunctions">The functions that are two methods; see <see cref="Execution.Code.CompiledCode.SplitFunctions"/>.</param>
    /// <returns>Each method once: functions counted without the imported ones, and after those the bodies of split ones.</returns>
    public static int[] Of(ModuleSyntax module, int[] splitFunctions)
    {
        var order = new MethodOrder(module, module.Bodies.Length + splitFunctions.Length);

        // Split functions are large and take longest, so no thread should be left alone with one at the end.
        for (var i = 0; i < splitFunctions.Length; i++)
        {
            order._order[order._count++] = module.Bodies.Length + i;
        }

        order.AddRoots();
        order.Follow(splitFunctions.Length);
        var followed = order._count;
        order.AddTables();
        order.Follow(followed);
        for (var i = 0; i < module.Bodies.Length; i++)
        {
            order.AddDefined(i);
        }

        return order._order;
    }

    private void AddRoots()
    {
        if (_module.Start is { } start)
        {
            Add(start.Value);
        }

        foreach (var export in _module.Exports)
        {
            if (export.Kind == ExternKind.Func)
            {
                Add(export.Index);
            }
        }
    }

    private void AddTables()
    {
        foreach (var segment in _module.ElementSegments)
        {
            foreach (var function in segment.Functions ?? [])
            {
                Add(function);
            }
        }
    }

    // Adds what the methods from a place on call, and what those call. The list of what is found is also the list of what is left to look at.
    private void Follow(int from)
    {
        for (var i = from; i < _count; i++)
        {
            var reader = InstructionReader.OfBody(_module, _order[i]);
            var instruction = default(Instruction);
            while (reader.Read(ref instruction))
            {
                if (instruction.Op is Op.Call or Op.ReturnCall or Op.RefFunc)
                {
                    Add(instruction.Index);
                }
            }
        }
    }

    private void Add(int function)
    {
        if (function >= _module.ImportedFunctionCount)
        {
            AddDefined(function - _module.ImportedFunctionCount);
        }
    }

    private void AddDefined(int function)
    {
        if (!_taken[function])
        {
            _taken[function] = true;
            _order[_count++] = function;
        }
    }
}
