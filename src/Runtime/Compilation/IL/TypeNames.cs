using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace HostService.Runtime.Compilation.IL;

/// <summary>Names the types of signatures for <see cref="ILListing"/>.</summary>
internal sealed class TypeNames : ISignatureTypeProvider<string, object?>
{
    /// <summary>The one.</summary>
    public static TypeNames Instance { get; } = new();

    /// <inheritdoc/>
    public string GetPrimitiveType(PrimitiveTypeCode typeCode) => typeCode switch
    {
        PrimitiveTypeCode.IntPtr => "nint",
        PrimitiveTypeCode.Single => "float32",
        PrimitiveTypeCode.Double => "float64",
        _ => typeCode.ToString().ToLowerInvariant(),
    };

    /// <inheritdoc/>
    public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) =>
        reader.GetString(reader.GetTypeReference(handle).Name);

    /// <inheritdoc/>
    public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) =>
        reader.GetString(reader.GetTypeDefinition(handle).Name);

    /// <inheritdoc/>
    public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments) => $"{genericType}<{string.Join(", ", typeArguments)}>";

    /// <inheritdoc/>
    public string GetSZArrayType(string elementType) => $"{elementType}[]";

    /// <inheritdoc/>
    public string GetByReferenceType(string elementType) => $"{elementType}&";

    /// <inheritdoc/>
    public string GetPointerType(string elementType) => $"{elementType}*";

    /// <inheritdoc/>
    public string GetArrayType(string elementType, ArrayShape shape) => throw Unused();

    /// <inheritdoc/>
    public string GetFunctionPointerType(MethodSignature<string> signature) => throw Unused();

    /// <inheritdoc/>
    public string GetGenericMethodParameter(object? genericContext, int index) => throw Unused();

    /// <inheritdoc/>
    public string GetGenericTypeParameter(object? genericContext, int index) => throw Unused();

    /// <inheritdoc/>
    public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) => throw Unused();

    /// <inheritdoc/>
    public string GetPinnedType(string elementType) => throw Unused();

    /// <inheritdoc/>
    public string GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) => throw Unused();

    private static NotSupportedException Unused() => new("The compiler emits no signature with such a type.");
}
