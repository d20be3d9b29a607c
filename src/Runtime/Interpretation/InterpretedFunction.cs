namespace HostService.Runtime.Interpretation;

/// <summary>What the interpreter knows of one function of a module. In native memory, so that the loop reaches it by a pointer.</summary>
internal unsafe struct InterpretedFunction
{
    /// <summary>Its first step; null when the function isn't interpreted, or not yet. Written last, once the other fields are complete.</summary>
    public Step* Code;

    /// <summary>How many slots its frame has: locals, then operands.</summary>
    public int FrameSlots;

    /// <summary>How many of the slots are locals, parameters among them.</summary>
    public int Locals;

    /// <summary>How many of the locals are parameters.</summary>
    public int Parameters;

    /// <summary>Counts calls up to 0, where <see cref="TierUp"/> is asked.</summary>
    public int Calls;

    /// <summary>Whether <see cref="Calls"/> has reached 0.</summary>
    public bool IsHot;

    /// <summary>How the function runs.</summary>
    public FunctionMode Mode;
}
