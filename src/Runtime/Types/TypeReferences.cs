namespace HostService.Runtime.Types;

/// <summary>Finds the defined types that a recursive group names.</summary>
internal static class TypeReferences
{
    /// <summary>Every defined heap type in the members: supertypes, parameters, results, fields and elements. Duplicates are left in.</summary>
    public static List<HeapType> In(ReadOnlySpan<DefinedType> members)
    {
        var found = new List<HeapType>();
        foreach (var member in members)
        {
            if (member.Supertype is { } super)
            {
                found.Add(new HeapType(HeapKind.Index, super));
            }

            switch (member.Composite)
            {
                case FuncComposite { Type: var type }:
                    Add(found, type.Parameters.AsSpan());
                    Add(found, type.Results.AsSpan());
                    break;
                case StructComposite { Fields: var fields }:
                    foreach (var field in fields)
                    {
                        Add(found, [field.Storage.Unpacked]);
                    }

                    break;
                case ArrayComposite { Element: var element }:
                    Add(found, [element.Storage.Unpacked]);
                    break;
            }
        }

        return found;
    }

    private static void Add(List<HeapType> found, ReadOnlySpan<ValueType> types)
    {
        foreach (var type in types)
        {
            if (type is { IsRef: true, HeapType: { IsDefined: true } heapType })
            {
                found.Add(heapType);
            }
        }
    }
}
