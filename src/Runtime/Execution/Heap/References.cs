using HostService.Runtime.Execution.Calls;
using HostService.Runtime.Execution.Heap;
using HostService.Runtime.Types;

namespace HostService.Runtime.Execution.Heap;

/// <summary>Tells of a reference whether it belongs to a type.</summary>
internal static class References
{
    /// <summary>Whether a non-null reference, as guests see it, belongs to a canonical reference type.</summary>
    public static bool Matches(object reference, ValueType type, Engine engine) => type.HeapType.Kind switch
    {
        HeapKind.Extern or HeapKind.Any => true,
        HeapKind.Eq => reference is StructObject or I31 || engine.Signatures.IsGuestArray(reference),
        HeapKind.I31 => reference is I31,
        HeapKind.Struct => reference is StructObject,
        HeapKind.Array => engine.Signatures.IsGuestArray(reference),
        HeapKind.Func => reference is FuncRef,
        HeapKind.Exn => reference is GuestException,
        HeapKind.Canonical => reference is FuncRef function
            ? engine.Signatures.IsSubtype(function.Signature, type.HeapType.Id)
            : engine.Signatures.Composite(type.HeapType.Id) is not FuncComposite && engine.Signatures.IsInstance(reference, type.HeapType.Id),
        _ => false,
    };
}
