using HostService.Runtime.Execution.Calls;
using HostService.Runtime.Execution.LinearMemories;
using HostService.Runtime.Types;

namespace HostService.Runtime.Linking;

/// <summary>What a <see cref="Linker"/> offers under one pair of names: something of a Store, or a host function or shared memory that serves any Store.</summary>
internal sealed class Definition
{
    private HostBinding? _binding;

    /// <summary>Offers something of a Store.</summary>
    public Definition(Extern item) => Item = item;

    /// <summary>Offers a host function.</summary>
    public Definition(HostFunction function) => HostFunction = function;

    /// <summary>Offers a shared memory to any Store.</summary>
    public Definition(SharedMemory memory) => SharedMemory = memory;

    /// <summary>The shared memory, or null.</summary>
    public SharedMemory? SharedMemory { get; }

    /// <summary>The memory that importing modules access, when this is one.</summary>
    public LinearMemory? Memory => Item is Memory memory ? memory.Linear : SharedMemory?.Linear;

    /// <summary>Whether it serves any Store, whichever it was made in.</summary>
    public bool ServesAnyStore => Item is null || Function is { State: null } || Memory is { IsShared: true };

    /// <summary>The thing of a Store, or null.</summary>
    public Extern? Item { get; }

    /// <summary>The host function, or null.</summary>
    public HostFunction? HostFunction { get; }

    /// <summary>The host function made callable; set before the first module is linked to it.</summary>
    public HostBinding? Binding
    {
        get => _binding;
        set => _binding = value;
    }

    /// <summary>The reference that importing modules call, when this is a function.</summary>
    public FuncRef? Function => Item is Func function ? function.Reference : Binding?.Reference;

    /// <summary>Its type as it is now.</summary>
    public ExternType Type => Item?.Type ?? (SharedMemory is null ? ExternType.From(HostFunction!.Type) : ExternType.From(SharedMemory.Type));
}
