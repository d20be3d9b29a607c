using HostService.Runtime.Execution.Heap;
using HostService.Runtime.Syntax;

namespace HostService.Runtime.Validation;

/// <summary>Finds, for each type of a module, the first one that is the same type.</summary>
/// <remarks>
/// <para>
/// Two types are the same when they have the same place in recursive groups that are the same. A group is written down as a run of numbers in which a reference
/// to a member of the group is its place there, and a reference to an earlier type is that type's representative: then groups are the same when their runs are.
/// The runs are kept in a hash table, so a module's types take time in proportion to their bytes, also when a million of them are alike.
/// </para>
/// <see href="https://webassembly.github.io/spec/core/valid/matching.html#defined-types">Spec: equivalence of defined types</see>
/// </remarks>
internal sealed class TypeCanonicalizer
{
    private readonly DefinedType[] _types;
    private readonly int[] _representatives;
    private readonly List<uint> _run = [];
    private RecGroup _group;

    private TypeCanonicalizer(DefinedType[] types) => (_types, _representatives) = (types, new int[types.Length]);

    /// <summary>Finds them. References must have been checked.</summary>
    public static int[] FindRepresentatives(ModuleSyntax syntax)
    {
        var canonicalizer = new TypeCanonicalizer(syntax.Types);
        var known = new Dictionary<Run, int>(RunComparer.Instance);
        foreach (var group in syntax.RecGroups)
        {
            canonicalizer.Add(group, known);
        }

        return canonicalizer._representatives;
    }

    private void Add(RecGroup group, Dictionary<Run, int> known)
    {
        _group = group;
        _run.Clear();
        for (var index = group.Start; index < group.Start + group.Count; index++)
        {
            Write(_types[index]);
        }

        var run = new Run([.. _run]);
        if (!known.TryGetValue(run, out var first))
        {
            known.Add(run, first = group.Start);
        }

        for (var member = 0; member < group.Count; member++)
        {
            _representatives[group.Start + member] = first + member;
        }
    }

    // Each part is preceded by what tells how long it is, so that different groups never make the same run.
    private void Write(DefinedType type)
    {
        const uint NoSupertype = uint.MaxValue;
        _run.Add(type.IsFinal ? 1u : 0u);
        _run.Add(type.Supertype is { } super ? Number(super) : NoSupertype);
        switch (type.Composite)
        {
            case FuncComposite { Type: var function }:
                _run.Add(0);
                _run.Add((uint)function.Parameters.Length);
                _run.Add((uint)function.Results.Length);
                Write(function.Parameters.AsSpan());
                Write(function.Results.AsSpan());
                break;

            case StructComposite { Fields: var fields }:
                _run.Add(1);
                _run.Add((uint)fields.Length);
                foreach (var field in fields)
                {
                    Write(field);
                }

                break;

            case ArrayComposite { Element: var element }:
                _run.Add(2);
                Write(element);
                break;
        }
    }

    private void Write(FieldType field)
    {
        _run.Add(((uint)field.Storage.PackedBytes << 1) | (field.IsMutable ? 1u : 0u));
        Write(field.Storage.Unpacked);
    }

    private void Write(ReadOnlySpan<ValueType> types)
    {
        foreach (var type in types)
        {
            Write(type);
        }
    }

    private void Write(ValueType type)
    {
        if (!type.IsRef)
        {
            _run.Add((uint)type.Kind);
            return;
        }

        var heapType = type.HeapType;
        _run.Add((uint)type.Kind | (type.IsNullable ? 0x10u : 0) | ((uint)heapType.Kind << 5));
        if (heapType.Kind == HeapKind.Index)
        {
            _run.Add(Number(heapType.Id));
        }
    }

    // Members of the group by their place in it, with the top bit set; others by their representative.
    private uint Number(int type) => type >= _group.Start ? 0x8000_0000u | (uint)(type - _group.Start) : (uint)_representatives[type];

    private readonly record struct Run(uint[] Numbers);

    private sealed class RunComparer : IEqualityComparer<Run>
    {
        public static readonly RunComparer Instance = new();

        public bool Equals(Run left, Run right) => left.Numbers.AsSpan().SequenceEqual(right.Numbers);

        public int GetHashCode(Run run)
        {
            // Seeded by the process, so that nobody can prepare a million groups with one hash.
            var hash = new HashCode();
            hash.AddBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(run.Numbers.AsSpan()));
            return hash.ToHashCode();
        }
    }
}
