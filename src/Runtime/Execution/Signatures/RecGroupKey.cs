using System.Runtime.InteropServices;
using HostService.Runtime.Types;

namespace HostService.Runtime.Execution.Signatures;

/// <summary>A recursive type group written so that equal groups of different modules are equal: members name each other by place and others by canonical id.</summary>
/// <remarks>
/// Types are equal when their groups are equal and they stand at the same place (iso-recursive equality).
/// <see href="https://webassembly.github.io/spec/core/valid/conventions.html#defined-types">Spec: defined types</see>
/// </remarks>
internal readonly struct RecGroupKey : IEquatable<RecGroupKey>
{
    private readonly uint[] _words;
    private readonly int _hash;

    private RecGroupKey(uint[] words)
    {
        _words = words;
        var hash = new HashCode();
        hash.AddBytes(MemoryMarshal.AsBytes(words.AsSpan()));
        _hash = hash.ToHashCode();
    }

    /// <summary>Writes the key of one group of a module.</summary>
    /// <param name="group">The group's members, relative to their module.</param>
    /// <param name="start">The type index of the first member.</param>
    /// <param name="ids">The canonical ids of the module's earlier types.</param>
    public static RecGroupKey Of(ReadOnlySpan<DefinedType> group, int start, ReadOnlySpan<int> ids)
    {
        var words = new List<uint>(8 * group.Length);
        foreach (var type in group)
        {
            words.Add(type.IsFinal ? 1u : 0u);
            words.Add(type.Supertype is { } super ? Word(new HeapType(HeapKind.Index, super), start, ids) : uint.MaxValue);
            AddComposite(words, type.Composite, start, ids);
        }

        return new RecGroupKey([.. words]);
    }

    public bool Equals(RecGroupKey other) => _hash == other._hash && _words.AsSpan().SequenceEqual(other._words);

    public override bool Equals(object? obj) => obj is RecGroupKey other && Equals(other);

    public override int GetHashCode() => _hash;

    private static void AddComposite(List<uint> words, CompositeType composite, int start, ReadOnlySpan<int> ids)
    {
        switch (composite)
        {
            case FuncComposite { Type: var type }:
                words.Add(0);
                words.Add((uint)type.Parameters.Length);
                words.Add((uint)type.Results.Length);
                foreach (var parameter in type.Parameters)
                {
                    words.Add(Word(parameter, start, ids));
                }

                foreach (var result in type.Results)
                {
                    words.Add(Word(result, start, ids));
                }

                break;
            case StructComposite { Fields: var fields }:
                words.Add(1);
                words.Add((uint)fields.Length);
                foreach (var field in fields)
                {
                    AddField(words, field, start, ids);
                }

                break;
            case ArrayComposite { Element: var element }:
                words.Add(2);
                AddField(words, element, start, ids);
                break;
        }
    }

    private static void AddField(List<uint> words, FieldType field, int start, ReadOnlySpan<int> ids)
    {
        words.Add((field.IsMutable ? 1u : 0u) | ((uint)field.Storage.PackedBytes << 1));
        words.Add(Word(field.Storage.Unpacked, start, ids));
    }

    // A module-relative reference becomes relative to the group or canonical; the hash of a value type is its bits.
    private static uint Word(ValueType type, int start, ReadOnlySpan<int> ids) =>
        (uint)(type.IsRef ? ValueType.Ref(Relocate(type.HeapType, start, ids), type.IsNullable) : type).GetHashCode();

    private static uint Word(HeapType type, int start, ReadOnlySpan<int> ids) => Word(ValueType.Ref(type, nullable: false), start, ids);

    private static HeapType Relocate(HeapType type, int start, ReadOnlySpan<int> ids) => type switch
    {
        { Kind: HeapKind.Index } when type.Id >= start => new HeapType(HeapKind.Index, type.Id - start),
        { Kind: HeapKind.Index } => new HeapType(HeapKind.Canonical, ids[type.Id]),
        _ => type,
    };
}
