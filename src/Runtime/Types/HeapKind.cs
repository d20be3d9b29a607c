namespace HostService.Runtime.Types;

/// <summary>What a reference refers to: one of the abstract heap types, or a type that a module defines.</summary>
/// <remarks><see href="https://webassembly.github.io/spec/core/syntax/types.html#heap-types">Spec: heap types</see></remarks>
public enum HeapKind : byte
{
    /// <summary>Any function.</summary>
    Func,

    /// <summary>Anything that the host owns.</summary>
    Extern,

    /// <summary>Anything of the internal hierarchy: <see cref="Eq"/> and external references converted by <c>any.convert_extern</c>.</summary>
    Any,

    /// <summary>What <c>ref.eq</c> compares: <see cref="I31"/>, <see cref="Struct"/> and <see cref="Array"/>.</summary>
    Eq,

    /// <summary>An unboxed 31-bit integer.</summary>
    I31,

    /// <summary>Any structure.</summary>
    Struct,

    /// <summary>Any array.</summary>
    Array,

    /// <summary>An exception.</summary>
    Exn,

    /// <summary>The bottom of the internal hierarchy; only null belongs to it.</summary>
    None,

    /// <summary>The bottom of the function hierarchy; only null belongs to it.</summary>
    NoFunc,

    /// <summary>The bottom of the external hierarchy; only null belongs to it.</summary>
    NoExtern,

    /// <summary>The bottom of the exception hierarchy; only null belongs to it.</summary>
    NoExn,

    /// <summary>A defined type, named by an index into a module's type section.</summary>
    Index,

    /// <summary>A defined type, named by the id under which an engine knows it. Equal types of different modules have the same id.</summary>
    Canonical,
}
