using HostService.Runtime.Execution.Heap;
using HostService.Runtime.Syntax;
using HostService.Runtime.Types;

namespace HostService.Runtime.Execution.Globals;

/// <summary>Where an instance keeps each of its module's own globals: a slot among the numbers or among the references.</summary>
internal sealed class GlobalLayout
{
    private readonly int[] _slots;

    /// <summary>Lays out a module's globals in their order.</summary>
    public GlobalLayout(ModuleSyntax module)
    {
        _slots = new int[module.Globals.Length];
        for (var i = module.ImportedGlobalCount; i < _slots.Length; i++)
        {
            var type = module.Globals[i].Type.Type;
            if (type.IsRef)
            {
                _slots[i] = References++;
            }
            else
            {
                _slots[i] = Numbers;
                Numbers += type.Kind == ValueKind.V128 ? 2 : 1;
            }
        }
    }

    /// <summary>How many elements <see cref="InstanceState.Globals"/> has.</summary>
    public int Numbers { get; private set; }

    /// <summary>How many elements <see cref="InstanceState.RefGlobals"/> has.</summary>
    public int References { get; private set; }

    /// <summary>The slot of a global that is not imported, in the array for its type.</summary>
    public int SlotOf(int globalIndex) => _slots[globalIndex];
}
