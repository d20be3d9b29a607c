using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace HostService.Runtime.Compilation.Image;

/// <summary>Puts compiled bodies and metadata together to a PE image. See docs/adr/0001.</summary>
internal sealed class ImageBuilder
{
    /// <summary>How many methods a type has. The CLR loads a type with all its methods when the first of them is used, and knows at most 65,535.</summary>
    private const int FunctionsPerType = 1000;

    private const int StandaloneSignatureTable = 0x11000000;
    private const int MethodTable = 0x06000000;
    private const MethodAttributes FunctionAttributes = MethodAttributes.Public | MethodAttributes.Static | MethodAttributes.HideBySig;
    private const TypeAttributes TypeFlags = TypeAttributes.Public | TypeAttributes.Abstract | TypeAttributes.Sealed;

    // A caller inlined into its caller, or the other way round, would be missing from a trap's frames. Whether methods are optimised is decided when the image is loaded.
    private const MethodImplAttributes Implementation = MethodImplAttributes.NoInlining;

    private readonly ModuleLayout _layout;
    private readonly ImageMetadata _metadata;
    private readonly BlobHandle[] _functionSignatures;
    private readonly StringHandle[] _methodNames = new StringHandle[FunctionsPerType];
    private readonly BlobBuilder _code = new(1 << 16);
    private readonly Dictionary<BlobHandle, int> _localSignatures = [];
    private int _methodRows;

    /// <summary>Starts the image of a module.</summary>
    public ImageBuilder(ModuleLayout layout, ImageMetadata metadata)
    {
        _layout = layout;
        _metadata = metadata;
        _functionSignatures = AddSignatures(layout, metadata);
    }

    /// <summary>The token of the call site signature of a function type.</summary>
    public static int CallSiteToken(int type) => StandaloneSignatureTable | (type + 1);

    /// <summary>The token of the method of a defined function.</summary>
    public static int MethodToken(int definedFunction) => MethodTable | (definedFunction + 1);

    /// <summary>The name of the type that the method of a defined function is in, and its own; see <see cref="Build"/>.</summary>
    public static (string Type, string Method) NamesOf(int definedFunction) => (TypeName(definedFunction), MethodName(definedFunction % FunctionsPerType));

    /// <summary>Adds the signatures of function types, in the order that <see cref="CallSiteToken"/> goes by.</summary>
    /// <returns>By type, the signature of its functions; nothing for types of other kinds.</returns>
    public static BlobHandle[] AddSignatures(ModuleLayout layout, ImageMetadata metadata)
    {
        var signatures = new BlobHandle[layout.TypeCount];
        for (var type = 0; type < layout.TypeCount; type++)
        {
            if (layout.FindSignature(type) is { } signature)
            {
                signatures[type] = metadata.Blob(blob => SignatureWriter.WriteFunction(blob, signature));
            }

            metadata.Builder.AddStandaloneSignature(signatures[type]);
        }

        return signatures;
    }

    /// <summary>Writes the image.</summary>
    /// <param name="batches">All functions in order.</param>
    /// <param name="splitFunctions">The function of each method that follows the functions' own.</param>
    public byte[] Build(IReadOnlyList<FunctionBatch> batches, out int[] splitFunctions)
    {
        var split = new List<(FunctionBatch Batch, MethodBody Body)>();
        var offsets = AssignRows(batches, split);
        AddTypes();
        AddMethods(batches, offsets, split);
        foreach (var batch in batches)
        {
            batch.CopyTo(_code);
        }

        splitFunctions = [.. split.Select(body => body.Body.Function)];
        return _metadata.Serialize(_code);
    }

    // Gives each body its place in the code stream, each entry stub its callee, and each set of locals its token.
    private int[] AssignRows(IReadOnlyList<FunctionBatch> batches, List<(FunctionBatch Batch, MethodBody Body)> split)
    {
        var offsets = new int[batches.Count];
        var length = 0;
        for (var i = 0; i < batches.Count; i++)
        {
            var batch = batches[i];
            length = (length + 3) & ~3;
            offsets[i] = length;
            length += batch.Bytes.Length;
            for (var j = 0; j < batch.Bodies.Count; j++)
            {
                var body = batch.Bodies[j];
                batch.SetLocals(body, LocalsToken(body.Locals));
                if (body.CallPatch >= 0)
                {
                    // The stub's callee is the body after it.
                    batch.SetCall(body, MethodToken(_layout.DefinedFunctionCount + split.Count));
                    split.Add((batch, batch.Bodies[++j]));
                    batch.SetLocals(batch.Bodies[j], LocalsToken(batch.Bodies[j].Locals));
                }
            }
        }

        _methodRows = _layout.DefinedFunctionCount + split.Count;
        return offsets;
    }

    private static string TypeName(int row) => $"F{row / FunctionsPerType}";

    private static string MethodName(int place) => $"f{place:d3}";

    private int LocalsToken(byte[] locals)
    {
        if (locals.Length == 0)
        {
            return 0;
        }

        var blob = _metadata.Builder.GetOrAddBlob(locals);
        if (!_localSignatures.TryGetValue(blob, out var token))
        {
            token = StandaloneSignatureTable | MetadataTokens.GetRowNumber(_metadata.Builder.AddStandaloneSignature(blob));
            _localSignatures.Add(blob, token);
        }

        return token;
    }

    private void AddTypes()
    {
        var builder = _metadata.Builder;
        var noFields = MetadataTokens.FieldDefinitionHandle(1);
        builder.AddTypeDefinition(default, default, builder.GetOrAddString("<Module>"), default, noFields, MetadataTokens.MethodDefinitionHandle(1));
        for (var first = 0; first < _methodRows; first += FunctionsPerType)
        {
            builder.AddTypeDefinition(
                TypeFlags, default, builder.GetOrAddString(TypeName(first)), _metadata.ObjectType, noFields,
                MetadataTokens.MethodDefinitionHandle(first + 1));
        }

        for (var i = 0; i < Math.Min(FunctionsPerType, _methodRows); i++)
        {
            _methodNames[i] = builder.GetOrAddString(MethodName(i));
        }
    }

    private void AddMethods(IReadOnlyList<FunctionBatch> batches, int[] offsets, List<(FunctionBatch Batch, MethodBody Body)> split)
    {
        var row = 0;
        var offsetOf = new Dictionary<FunctionBatch, int>();
        for (var i = 0; i < batches.Count; i++)
        {
            offsetOf.Add(batches[i], offsets[i]);
            var bodies = batches[i].Bodies;
            for (var j = 0; j < bodies.Count; j++)
            {
                AddMethod(row++, bodies[j], offsets[i]);
                j += bodies[j].CallPatch >= 0 ? 1 : 0;
            }
        }

        foreach (var (batch, body) in split)
        {
            AddMethod(row++, body, offsetOf[batch]);
        }
    }

    private void AddMethod(int row, in MethodBody body, int batchOffset) => _metadata.Builder.AddMethodDefinition(
        FunctionAttributes, Implementation, _methodNames[row % FunctionsPerType], _functionSignatures[_layout.TypeOfDefined(body.Function)],
        batchOffset + body.Position, MetadataTokens.ParameterHandle(1));
}
