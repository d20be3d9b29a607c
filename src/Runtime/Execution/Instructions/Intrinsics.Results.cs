namespace HostService.Runtime.Execution.Instructions;

/// <content>Results beyond the first, which functions leave in the Store.</content>
internal static partial class Intrinsics
{
    /// <summary>Reads a result that is a reference and clears its place, so that it keeps nothing alive.</summary>
    public static object? TakeReference(InstanceState state, int slot)
    {
        ref var result = ref state.Store.Results[slot].Ref;
        var reference = result;
        result = null;
        return reference;
    }

    /// <summary>Leaves a result that is a reference.</summary>
    public static void LeaveReference(object? reference, InstanceState state, int slot) => state.Store.Results[slot].Ref = reference;
}
