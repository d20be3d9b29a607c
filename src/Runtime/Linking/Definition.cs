using HostService.Runtime.Execution;
using HostService.Runtime.Types;

namespace HostService.Runtime.Linking;

/// <summary>What a <see cref="Linker"/> offers under one pair of names: something of a Store, or a host function that serves any Store.</summary>
internal sealed class Definition
{
    private HostBinding? _binding;

    /// <summary>Offers something of a Store.</summary>
    public Definition(Extern item) => Item = item;

    /// <summary>Offers a host function.</summary>
    public Definition(HostFunction function) => HostFunction = function;

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
    public ExternType Type => Item?.Type ?? ExternType.From(HostFunction!.Type);
}
