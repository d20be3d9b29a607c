using System.Collections.Immutable;
using HostService.Runtime.Execution.Calls;
using HostService.Runtime.Execution.Heap;
using HostService.Runtime.Types;

namespace HostService.Runtime.Execution.Signatures;

/// <content>What is kept of a recursive group and of each type in it.</content>
internal sealed partial class SignatureRegistry
{
    /// <summary>One recursive group, with how many owners hold it.</summary>
    internal sealed class Group(RecGroupKey key, int[] ids, ImmutableArray<Group> references)
    {
        public RecGroupKey Key { get; } = key;

        public int[] Ids { get; } = ids;

        public ImmutableArray<Group> References { get; } = references;

        public int Owners { get; set; } = 1; // guarded by the registry's lock

        /// <summary>The CLR types of its structures and arrays; null when it has none. Set once, before the group is seen.</summary>
        public HeapTypeGroup? HeapTypes { get; set; }
    }

    private sealed class Entry(int id, Group group, CompositeType composite, int[] supertypes)
    {
        public EntryTrampoline? Trampoline;
        public Type? HeapType;

        public int Id { get; } = id;

        public Group Group { get; } = group;

        public CompositeType Composite { get; } = composite;

        public int[] Supertypes { get; } = supertypes;
    }
}
