namespace HostService.Runtime.Execution.Instructions;

/// <content>Exceptions.</content>
internal static partial class Intrinsics
{
    /// <summary>An exception with a tag of the module, its payload still to be filled in.</summary>
    public static GuestException NewException(InstanceState state, int tag, int offset) => CountedException(new GuestException(state.Tags[tag]), state, offset);
}
