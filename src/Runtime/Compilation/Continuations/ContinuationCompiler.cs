using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using HostService.Runtime.Compilation.IL;
using HostService.Runtime.Compilation.Image;
using HostService.Runtime.Compilation.Functions;
using HostService.Runtime.Execution.Code;
using HostService.Runtime.Validation;

namespace HostService.Runtime.Compilation.Continuations;

/// <summary>Makes continuations: methods that take a function over in the middle, at the start of a loop, each in a small image of its own. Thread-safe.</summary>
/// <param name="module">The module.</param>
/// <param name="options">How its code was compiled.</param>
internal sealed class ContinuationCompiler(ValidatedModule module, CompileOptions options)
{
    private const TypeAttributes TypeFlags = TypeAttributes.Public | TypeAttributes.Abstract | TypeAttributes.Sealed;
    private const MethodAttributes MethodFlags = MethodAttributes.Public | MethodAttributes.Static | MethodAttributes.HideBySig;
    // Each image has the signatures of all of them.
    private const int MaxTypes = 4_096;

    private const int StandaloneSignatureTable = 0x11000000;
    private const int MethodTable = 0x06000000;

    /// <summary>Compiles what is left of a function from a loop on.</summary>
    /// <param name="function">The function, counted without the imported ones.</param>
    /// <param name="loop">The loop's offset in bytes from the start of the binary.</param>
    /// <param name="codeAssembly">The assembly with the functions that it calls.</param>
    /// <returns>Null when there can be none.</returns>
    /// <exception cref="Errors.ModuleLimitException">It is too large for a method.</exception>
    public ContinuationImage? Compile(int function, int loop, string codeAssembly)
    {
        if (module.Syntax.Types.Length > MaxTypes)
        {
            return null;
        }

        var metadata = new ImageMetadata($"wasm-{Guid.NewGuid():N}.loop");
        var layout = new ModuleLayout(module.Syntax, metadata);
        var signatures = ImageBuilder.AddSignatures(layout, metadata);
        var callees = new CalleeReferences(layout, metadata, signatures, codeAssembly);
        var shape = default(MethodShape);
        var compiler = new FunctionCompiler(module, layout, options with { Shapes = (_, its) => shape = its }, callees.TokenOf);
        var batch = new FunctionBatch();
        if (!compiler.CompileContinuation(function, loop, batch) || shape.IsSuspiciousUnoptimized)
        {
            return null;
        }

        AddMethods(batch, metadata, layout.SignatureOf(layout.TypeOfDefined(function)).ReturnType, optimize: !shape.IsSuspicious);
        var code = new BlobBuilder(batch.Bytes.Length);
        batch.CopyTo(code);
        return new ContinuationImage(metadata.Serialize(code), function, new AddressMap([.. batch.SiteEnds], [.. batch.Sites]));
    }

    // One method; or an entry stub, which checks that the stack has room, and after it what it calls.
    private static void AddMethods(FunctionBatch batch, ImageMetadata metadata, ILType result, bool optimize)
    {
        var builder = metadata.Builder;
        var (noFields, first) = (MetadataTokens.FieldDefinitionHandle(1), MetadataTokens.MethodDefinitionHandle(1));
        builder.AddTypeDefinition(default, default, builder.GetOrAddString("<Module>"), default, noFields, first);
        builder.AddTypeDefinition(TypeFlags, default, builder.GetOrAddString("Loop"), metadata.ObjectType, noFields, first);
        var signature = metadata.Blob(blob => SignatureWriter.WriteContinuation(blob, result));
        var name = builder.GetOrAddString("Continue");
        var implementation = MethodImplAttributes.NoInlining | (optimize ? 0 : MethodImplAttributes.NoOptimization);
        foreach (var body in batch.Bodies)
        {
            if (body.Locals.Length > 0)
            {
                batch.SetLocals(body, StandaloneSignatureTable | MetadataTokens.GetRowNumber(builder.AddStandaloneSignature(builder.GetOrAddBlob(body.Locals))));
            }

            var method = builder.AddMethodDefinition(MethodFlags, implementation, name, signature, body.Position, MetadataTokens.ParameterHandle(1));
            if (body.CallPatch >= 0)
            {
                batch.SetCall(body, MethodTable | (MetadataTokens.GetRowNumber(method) + 1));
            }
        }
    }
}
