using System.Reflection;
using System.Runtime.ExceptionServices;
using HostService.Runtime.Execution.Code;
using HostService.Runtime.Types;

namespace HostService.Runtime.Execution.Heap;

/// <summary>The CLR types of one recursive group, emitted and loaded when first needed.</summary>
/// <remarks>Thread-safe. They live in a collectible load context, see <see cref="HeapTypeContext"/>, which goes when its groups, every code that names one and every object of one are gone.</remarks>
internal sealed class HeapTypeGroup
{
    private readonly Lazy<Assembly> _assembly;

    /// <summary>Notes a group.</summary>
    /// <param name="context">Where its types are loaded.</param>
    /// <param name="name">The group's name; see <see cref="HeapTypeNames"/>.</param>
    /// <param name="members">Its members.</param>
    /// <param name="ids">Their canonical ids.</param>
    public HeapTypeGroup(HeapTypeContext context, string name, HeapTypeShape?[] members, int[] ids)
    {
        (Name, Ids) = (name, ids);
        _assembly = new Lazy<Assembly>(() => context.Load(HeapTypeImage.Build(name, members)));
    }

    /// <summary>The name of the assembly.</summary>
    public string Name { get; }

    /// <summary>The canonical ids of its members, by place.</summary>
    public int[] Ids { get; }

    /// <summary>The assembly.</summary>
    /// <exception cref="Errors.ResourceLimitException">It is not loaded yet, and the process has hardly any memory mappings left.</exception>
    public Assembly Assembly
    {
        get
        {
            // Not in what the Lazy calls, which would keep the exception.
            if (!_assembly.IsValueCreated)
            {
                MappingBudget.OfHeapTypes.TakeOne();
            }

            return _assembly.Value;
        }
    }

    /// <summary>Whether a type is one of this group. Its name does not tell: the group may have gone and come again, and an object of the first, which the host still has, is none of the second.</summary>
    public bool Holds(Type type) => _assembly.IsValueCreated && ReferenceEquals(type.Assembly, _assembly.Value);

    /// <summary>The class of a structure type, or the structure that an array type's elements are.</summary>
    /// <exception cref="Errors.ResourceLimitException">It or a class that it extends is not loaded yet, and the process has hardly any memory mappings left.</exception>
    public Type Member(int place)
    {
        try
        {
            return Assembly.GetType(HeapTypeNames.Member(place), throwOnError: true)!;
        }
        catch (FileLoadException failure) when (MappingBudget.RefusalBehind(failure) is { } full)
        {
            ExceptionDispatchInfo.Throw(full);
            throw;
        }
    }
}

/// <summary>What a class or an element is made of.</summary>
/// <param name="Parent">The class that a structure's class extends; null for <see cref="StructObject"/> and for arrays.</param>
/// <param name="Fields">The fields that its parent doesn't have; for an array its element alone.</param>
/// <param name="FirstField">How many fields its parents have.</param>
/// <param name="IsArray">Whether it is an array type.</param>
/// <param name="IsFinal">Whether it has no subtypes.</param>
internal sealed record HeapTypeShape((string Assembly, int Place)? Parent, ElementKind[] Fields, int FirstField, bool IsArray, bool IsFinal);
