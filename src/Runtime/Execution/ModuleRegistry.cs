using HostService.Runtime.Execution.Calls;
using HostService.Runtime.Types;

namespace HostService.Runtime.Execution;

/// <summary>Which modules have code in one Store, ordered by where their code ends.</summary>
/// <remarks>
/// Registering a module is one insertion, whatever its size: all that is known per function was worked out when the module was made and is
/// asked of the module. A lookup has two steps: first address → module, which gives a strong reference that keeps a collectible module alive while it is
/// examined, then the question itself to that module. Each registered module is held, by a count, until the Store is disposed. Not
/// thread-safe, like its Store.
/// </remarks>
internal sealed class ModuleRegistry
{
    // Ends in ascending order; a Store holds one module nearly always and a handful at most.
    private readonly List<Module> _modules = new(capacity: 1);
    private int _processor; // which counts the holds on the modules, see HolderCount

    /// <summary>How many modules are registered.</summary>
    public int Count => _modules.Count;

    /// <summary>Registers a module: one insertion. A module that is known already is left as it is.</summary>
    public void Register(Module module)
    {
        var index = IndexOfEndAbove(module.CodeRange.Start);
        if (index < _modules.Count && ReferenceEquals(_modules[index], module))
        {
            return;
        }

        if (_modules.Count == 0)
        {
            _processor = Thread.GetCurrentProcessorId();
        }

        module.Acquire(_processor);
        _modules.Insert(index, module);
    }

    /// <summary>The module whose code an address lies in, or null.</summary>
    public Module? Find(ulong address)
    {
        var index = IndexOfEndAbove(address);
        return index < _modules.Count && _modules[index].CodeRange.Contains(address) ? _modules[index] : null;
    }

    /// <summary>The function, name and offset at an address, or null when no module of this Store has code there.</summary>
    public CodeFrame? FindFrame(ulong address) => Find(address)?.FrameAt(address);

    /// <summary>The canonical type of the function at an address, or null.</summary>
    public int? FindSignature(ulong address) => Find(address)?.SignatureAt(address);

    /// <summary>The way into the function at an address from untyped calls, or null.</summary>
    public EntryTrampoline? FindTrampoline(ulong address) => Find(address) is { } module && module.SignatureAt(address) is { } signature
        ? module.Engine.Signatures.Trampoline(signature)
        : null;

    /// <summary>Why the instruction at an address may trap, or null when it can't or is no instruction of the Store.</summary>
    public Errors.TrapCode? FindTrap(ulong address) => Find(address)?.TrapAt(address);

    /// <summary>Lets all modules go.</summary>
    public void Clear()
    {
        foreach (var module in _modules)
        {
            module.Release(_processor);
        }

        _modules.Clear();
    }

    private int IndexOfEndAbove(ulong address)
    {
        int low = 0, high = _modules.Count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_modules[middle].CodeRange.End > address)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }
}

/// <summary>What is known of one code address: which function it lies in and which instruction of the binary it is.</summary>
/// <param name="Module">The module.</param>
/// <param name="FunctionIndex">The function's index, imports included.</param>
/// <param name="Name">The function's name: name section, else export name, else <c>func[12]</c>.</param>
/// <param name="Offset">Bytes from the start of the binary.</param>
internal readonly record struct CodeFrame(Module Module, int FunctionIndex, string Name, long Offset);
