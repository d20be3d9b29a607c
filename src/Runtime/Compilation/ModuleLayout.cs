using HostService.Runtime.Compilation.Image;
using HostService.Runtime.Execution.Globals;
using HostService.Runtime.Syntax;
using HostService.Runtime.Types;

namespace HostService.Runtime.Compilation;

/// <summary>What the functions of a module share when they are compiled: shapes of types, places of globals. Immutable; read by all cores.</summary>
internal sealed class ModuleLayout
{
    private readonly Signature?[] _signatures;

    /// <summary>Looks at a module.</summary>
    public ModuleLayout(ModuleSyntax module, ImageMetadata metadata)
    {
        Heap = new HeapReferences(metadata, module.Types, module.RecGroups);
        Module = module;
        Globals = new GlobalLayout(module);
        _signatures = new Signature?[module.Types.Length];
        for (var i = 0; i < _signatures.Length; i++)
        {
            _signatures[i] = module.FuncTypeAt(new TypeIndex(i)) is { } type ? Signature.Of(type) : null;
        }
    }

    /// <summary>The module.</summary>
    public ModuleSyntax Module { get; }

    /// <summary>Where its globals are.</summary>
    public GlobalLayout Globals { get; }

    /// <summary>How its code names its structures and arrays.</summary>
    public HeapReferences Heap { get; }

    /// <summary>How many types it has.</summary>
    public int TypeCount => _signatures.Length;

    /// <summary>How many functions it defines.</summary>
    public int DefinedFunctionCount => Module.Bodies.Length;

    /// <summary>The shape of a type, or null when it is not a function type.</summary>
    public Signature? FindSignature(int type) => _signatures[type];

    /// <summary>The shape of a function type.</summary>
    public Signature SignatureOf(int type) => _signatures[type]!;

    /// <summary>The shape of a block.</summary>
    public Signature SignatureOf(in BlockType type) => type.TypeIndex >= 0 ? SignatureOf(type.TypeIndex) : Signature.OfResult(type.Result.Kind);

    /// <summary>The type index of a function that is not imported.</summary>
    public int TypeOfDefined(int definedFunction) => Module.FunctionTypes[Module.ImportedFunctionCount + definedFunction];
}
