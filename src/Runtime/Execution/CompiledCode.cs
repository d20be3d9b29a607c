namespace HostService.Runtime.Execution;

/// <summary>What the compiler makes of a module: a PE image of IL that can be loaded now, or stored and loaded later.</summary>
internal sealed class CompiledCode
{
    /// <summary>The PE image.</summary>
    public required byte[] Image { get; init; }

    /// <summary>Where in <see cref="Image"/> the eight bytes of the epoch's address are to be written before it is loaded.</summary>
    public required int[] EpochRelocations { get; init; }

    /// <summary>The metadata row of the method of the first function that is not imported; the others follow in order.</summary>
    public required int FirstFunctionRow { get; init; }

    /// <summary>Which instruction each IL offset belongs to.</summary>
    public required AddressMap Addresses { get; init; }
}
