using System.Buffers.Binary;
using System.Security.Cryptography;

namespace HostService.Runtime.Types;

/// <summary>Names the structure and array types of a module by content, so that equal types of different modules have one name.</summary>
/// <remarks>
/// Code is compiled before the Engine gives types their ids, and it may be stored and loaded in another process, so it can't name a type by an id. A
/// recursive group is named by the hash of its members, in which references inside the group are places and references to others are their names.
/// </remarks>
internal static class HeapTypeNames
{
    private const string Prefix = "heap-";

    /// <summary>Whether an assembly of this name holds the types of a recursive group.</summary>
    public static bool IsGroupAssembly(string name) => name.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>The name of a member of a group.</summary>
    public static string Member(int place) => $"T{place}";

    /// <summary>The assembly of each group of a module; null for groups without structures and arrays. Null when no group has any.</summary>
    public static string?[]? Groups(ReadOnlySpan<DefinedType> types, ReadOnlySpan<RecGroup> groups)
    {
        var any = false;
        foreach (var type in types)
        {
            any |= type.Composite is not FuncComposite;
        }

        if (!any)
        {
            return null;
        }

        var names = new string?[groups.Length];
        var digests = new byte[types.Length][];
        for (var i = 0; i < groups.Length; i++)
        {
            var (start, count) = groups[i];
            var digest = Digest(types.Slice(start, count), start, digests);
            var hasObjects = false;
            for (var place = 0; place < count; place++)
            {
                digests[start + place] = [.. digest, .. BitConverter.GetBytes(place)];
                hasObjects |= types[start + place].Composite is not FuncComposite;
            }

            names[i] = hasObjects ? Prefix + Convert.ToHexStringLower(digest.AsSpan(0, 16)) : null;
        }

        return names;
    }

    private static byte[] Digest(ReadOnlySpan<DefinedType> members, int start, byte[][] digests)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var member in members)
        {
            Add(hash, member.IsFinal ? 1 : 0);
            AddReference(hash, member.Supertype is { } super ? new HeapType(HeapKind.Index, super) : new HeapType(HeapKind.None), start, digests);
            switch (member.Composite)
            {
                case FuncComposite { Type: var type }:
                    Add(hash, type.Parameters.Length);
                    Add(hash, type.Results.Length);
                    foreach (var value in type.Parameters.AddRange(type.Results))
                    {
                        AddValue(hash, value, start, digests);
                    }

                    break;
                case StructComposite { Fields: var fields }:
                    Add(hash, -1);
                    Add(hash, fields.Length);
                    foreach (var field in fields)
                    {
                        AddField(hash, field, start, digests);
                    }

                    break;
                case ArrayComposite { Element: var element }:
                    Add(hash, -2);
                    AddField(hash, element, start, digests);
                    break;
            }
        }

        return hash.GetHashAndReset();
    }

    private static void AddField(IncrementalHash hash, FieldType field, int start, byte[][] digests)
    {
        Add(hash, (field.IsMutable ? 1 : 0) | (field.Storage.PackedBytes << 1));
        AddValue(hash, field.Storage.Unpacked, start, digests);
    }

    private static void AddValue(IncrementalHash hash, ValueType type, int start, byte[][] digests)
    {
        Add(hash, (int)type.Kind | (type.IsNullable ? 16 : 0));
        if (type.IsRef)
        {
            AddReference(hash, type.HeapType, start, digests);
        }
    }

    private static void AddReference(IncrementalHash hash, HeapType type, int start, byte[][] digests)
    {
        Add(hash, (int)type.Kind);
        if (type.Kind != HeapKind.Index)
        {
            return;
        }

        if (type.Id >= start)
        {
            Add(hash, type.Id - start);
        }
        else
        {
            hash.AppendData(digests[type.Id]);
        }
    }

    private static void Add(IncrementalHash hash, int value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        hash.AppendData(bytes);
    }
}
