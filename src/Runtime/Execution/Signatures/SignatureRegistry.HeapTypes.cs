using System.Collections.Concurrent;
using System.Globalization;
using HostService.Runtime.Execution.Heap;
using HostService.Runtime.Types;

namespace HostService.Runtime.Execution.Signatures;

/// <content>The CLR types of structures and arrays, which live and go with the recursive group that they belong to.</content>
internal sealed partial class SignatureRegistry
{
    private readonly ConcurrentDictionary<string, HeapTypeGroup> _heapTypes = new(); // written under _lock, read without it

    /// <summary>The CLR types of a recursive group, by name; null when no module has it.</summary>
    public HeapTypeGroup? FindHeapTypes(string name) => _heapTypes.GetValueOrDefault(name);

    /// <summary>The class of a structure type, or the element structure of an array type. The caller owns the id.</summary>
    public Type HeapType(int id)
    {
        var entry = EntryOf(id);
        return entry.HeapType ??= entry.Group.HeapTypes!.Member(Array.IndexOf(entry.Group.Ids, id));
    }

    /// <summary>Whether an object is of a structure or array type, or of a subtype. The caller owns the id.</summary>
    public bool IsInstance(object value, int id)
    {
        if (Composite(id) is not ArrayComposite)
        {
            return HeapType(id).IsInstanceOfType(value);
        }

        // Array types have no classes that extend each other: which one the object is of is found by its element, then the declared supertypes decide.
        return value.GetType().GetElementType() is { } element
            && (element == HeapType(id) || (IdOfElement(element) is { } actual && IsSubtype(actual, id)));
    }

    /// <summary>Whether an object is an array of a guest.</summary>
    public bool IsGuestArray(object value) => value.GetType().GetElementType() is { } element && IdOfElement(element) is not null;

    private int? IdOfElement(Type element)
    {
        if (!HeapTypeNames.IsGroupAssembly(element.Assembly.GetName().Name!) || FindHeapTypes(element.Assembly.GetName().Name!) is not { } group || !group.Holds(element))
        {
            return null;
        }

        return group.Ids[int.Parse(element.Name.AsSpan(1), CultureInfo.InvariantCulture)];
    }

    private HeapTypeShape?[] Shapes_NeedsLock(ReadOnlySpan<DefinedType> members, int[] ids, string name)
    {
        var shapes = new HeapTypeShape?[members.Length];
        for (var i = 0; i < members.Length; i++)
        {
            var member = members[i];
            switch (member.Composite)
            {
                case ArrayComposite { Element: var element }:
                    shapes[i] = new HeapTypeShape(null, [ElementKinds.Of(element.Storage)], 0, IsArray: true, member.IsFinal);
                    break;
                case StructComposite { Fields: var fields }:
                    var parent = member.Supertype is { } super ? EntryOf(ids[super]) : null;
                    var inherited = parent is null ? 0 : ((StructComposite)parent.Composite).Fields.Length;
                    shapes[i] = new HeapTypeShape(
                        parent is null ? null : (parent.Group.HeapTypes?.Name ?? name, Array.IndexOf(parent.Group.Ids, parent.Id)),
                        [.. fields.Skip(inherited).Select(field => ElementKinds.Of(field.Storage))], inherited, IsArray: false, member.IsFinal);
                    break;
            }
        }

        return shapes;
    }
}
