using System.Collections.Immutable;
using HostService.Runtime.Execution.Calls;
using HostService.Runtime.Execution.Heap;
using HostService.Runtime.Types;

namespace HostService.Runtime.Execution.Signatures;

/// <summary>Gives each distinct defined type of an Engine one id, so that comparing types at run time is comparing integers.</summary>
/// <remarks>
/// The problem: an indirect call must know whether a function that another module made has the type that this one expects, and it has a nanosecond
/// to find out. The facts used: types are equal when their recursive groups are (<see cref="RecGroupKey"/>); a module's types are known when it is
/// made; modules come and go while their ids lie in tables of others. The choice: one table in the Engine, written under one lock taken once
/// per module, read without a lock; ids are counted by owner (<see cref="SignatureCollection"/>) and group, and used again when the last owner is gone.
/// Thread-safe.
/// </remarks>
internal sealed partial class SignatureRegistry
{
    private readonly Lock _lock = new();
    private readonly Dictionary<RecGroupKey, Group> _groups = []; // guarded by _lock
    private readonly Stack<int> _free = new();                     // guarded by _lock
    private int _used;                                             // guarded by _lock: ids below it were given out at some time

    // Written under _lock, replaced by a larger copy when full. Read without it: whoever owns an id sees the entry that was there when it got the id.
    private volatile Entry?[] _entries = new Entry?[64];

    /// <summary>How many ids are in use.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _used - _free.Count;
            }
        }
    }

    /// <summary>How often the write lock was taken; lets a test show that instantiation and calls never take it.</summary>
    public long WriteLocks { get; private set; }

    /// <summary>Registers all types of a module. The write lock is taken once.</summary>
    /// <param name="types">The module's types, relative to the module.</param>
    /// <param name="groups">Its recursive groups, which cover the types in order.</param>
    public SignatureCollection Register(ReadOnlySpan<DefinedType> types, ReadOnlySpan<RecGroup> groups)
    {
        var ids = new int[types.Length];
        var owned = new Group[groups.Length];
        var names = HeapTypeNames.Groups(types, groups);
        var contexts = new HeapTypeContext.Run(this);
        lock (_lock)
        {
            WriteLocks++;
            for (var i = 0; i < groups.Length; i++)
            {
                var (start, count) = groups[i];
                owned[i] = Acquire_NeedsLock(types.Slice(start, count), start, ids, names?[i], contexts);
            }
        }

        return new SignatureCollection(this, ids, owned);
    }

    /// <summary>Registers one function type whose references are canonical already, as host functions need.</summary>
    public SignatureCollection Register(FuncType type) => Register([new DefinedType(new FuncComposite(type), IsFinal: true, null)], [new RecGroup(0, 1)]);

    /// <summary>The function type with an id. The caller owns the id.</summary>
    public FuncType FuncType(int id) => ((FuncComposite)EntryOf(id).Composite).Type;

    /// <summary>The composite type with an id. The caller owns the id.</summary>
    public CompositeType Composite(int id) => EntryOf(id).Composite;

    /// <summary>Whether a type is the other or declared, directly or not, as its subtype. The caller owns both ids.</summary>
    public bool IsSubtype(int id, int super)
    {
        if (id == super)
        {
            return true;
        }

        // Each entry lists its supertypes from the root, so that "is a subtype" is one comparison at the supertype's depth.
        var supertypes = EntryOf(id).Supertypes;
        var depth = EntryOf(super).Supertypes.Length;
        return depth < supertypes.Length && supertypes[depth] == super;
    }

    /// <summary>The way from an untyped call into functions of a type, made on first use and gone with the id.</summary>
    public EntryTrampoline Trampoline(int id)
    {
        var entry = EntryOf(id);
        return entry.Trampoline ?? Interlocked.CompareExchange(ref entry.Trampoline, EntryTrampolines.Create(FuncType(id)), null) ?? entry.Trampoline!;
    }

    /// <summary>Gives back what a collection took.</summary>
    internal void Release(ReadOnlySpan<Group> groups)
    {
        lock (_lock)
        {
            WriteLocks++;
            foreach (var group in groups)
            {
                Release_NeedsLock(group);
            }
        }
    }

    private Entry EntryOf(int id) => _entries[id] ?? throw new InvalidOperationException($"Type id {id} is not registered.");

    private Group Acquire_NeedsLock(ReadOnlySpan<DefinedType> members, int start, int[] ids, string? heapName, HeapTypeContext.Run contexts)
    {
        var key = RecGroupKey.Of(members, start, ids);
        if (_groups.TryGetValue(key, out var known))
        {
            known.Owners++;
            known.Ids.CopyTo(ids.AsSpan(start));
            return known;
        }

        var own = ids.AsSpan(start, members.Length);
        foreach (ref var id in own)
        {
            id = TakeId_NeedsLock();
        }

        var group = new Group(key, own.ToArray(), References_NeedsLock(members, start, ids));
        for (var i = 0; i < members.Length; i++)
        {
            var super = members[i].Supertype is { } index ? EntryOf(ids[index]) : null;
            int[] supertypes = super is null ? [] : [.. super.Supertypes, super.Id];
            _entries[own[i]] = new Entry(own[i], group, Canonical.Of(members[i].Composite, ids), supertypes);
        }

        if (heapName is not null)
        {
            group.HeapTypes = new HeapTypeGroup(contexts.Next(), heapName, Shapes_NeedsLock(members, ids, heapName), group.Ids);
            _heapTypes[heapName] = group.HeapTypes;
        }

        _groups.Add(key, group);
        return group;
    }

    // A group keeps the groups it names alive: whoever owns it may ask for the types inside it.
    private ImmutableArray<Group> References_NeedsLock(ReadOnlySpan<DefinedType> members, int start, int[] ids)
    {
        HashSet<Group>? named = null;
        foreach (var id in TypeReferences.In(members))
        {
            if (id is { Kind: HeapKind.Index } && id.Id >= start)
            {
                continue;
            }

            var group = EntryOf(id.Kind == HeapKind.Index ? ids[id.Id] : id.Id).Group;
            if ((named ??= []).Add(group))
            {
                group.Owners++;
            }
        }

        return named is null ? [] : [.. named];
    }

    private void Release_NeedsLock(Group group)
    {
        if (--group.Owners > 0)
        {
            return;
        }

        // Chains of groups are as long as a module's author likes: no recursion.
        var dying = new Stack<Group>();
        dying.Push(group);
        while (dying.TryPop(out var dead))
        {
            _groups.Remove(dead.Key);
            if (dead.HeapTypes is { } heapTypes)
            {
                _heapTypes.TryRemove(heapTypes.Name, out _);
            }

            foreach (var id in dead.Ids)
            {
                _entries[id] = null;
                _free.Push(id);
            }

            foreach (var named in dead.References)
            {
                if (--named.Owners == 0)
                {
                    dying.Push(named);
                }
            }
        }
    }

    private int TakeId_NeedsLock()
    {
        if (_free.TryPop(out var free))
        {
            return free;
        }

        if (_used == _entries.Length)
        {
            var larger = new Entry?[2 * _used];
            _entries.CopyTo(larger, 0);
            _entries = larger;
        }

        return _used++;
    }
}
