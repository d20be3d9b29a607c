using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.Loader;
using HostService.Runtime.Errors;
using HostService.Runtime.Execution.Signatures;
using HostService.Runtime.Types;

namespace HostService.Runtime.Execution.Code;

/// <summary>One loaded code of a module. A module may have a second, differently optimised one; an instance keeps the one it was made with.</summary>
/// <remarks>
/// The image lives in a collectible load context: once the module is disposed and nothing refers to its functions any more, neither a reference nor a
/// stack frame, the CLR takes code and metadata away. Thread-safe.
/// </remarks>
internal sealed class ModuleCode : MappedCode
{
    private const int MethodDefTable = 0x06 << 24;

    private readonly System.Reflection.Module _clrModule;
    private readonly ModuleHandle _clrHandle;
    private readonly CompiledCode _compiled;
    private readonly LoadContext _context;
    private readonly SignatureRegistry _registry;
    private readonly nint[] _entryPoints;
    private readonly byte[] _ran; // emitted code has its address

    /// <summary>Loads an image.</summary>
    /// <param name="compiled">What the compiler made, or what was stored of it.</param>
    /// <param name="optimize">Whether RyuJIT is to optimise it.</param>
    /// <param name="range">The module's logical code addresses.</param>
    /// <param name="codeSectionOffset">Where the code section begins in the binary.</param>
    /// <param name="registry">Finds the CLR types of structures and arrays.</param>
    /// <param name="ran">A byte for each function that it sets when it runs, in an array that does not move; empty for code that doesn't note it.</param>
    /// <exception cref="ResourceLimitException">The process has hardly any memory mappings left.</exception>
    public ModuleCode(CompiledCode compiled, bool optimize, CodeRange range, int codeSectionOffset, SignatureRegistry registry, byte[] ran)
    {
        (_compiled, _ran) = (compiled, ran);
        Range = range;
        CodeSectionOffset = codeSectionOffset;
        IsOptimized = optimize;
        _registry = registry;
        MappingBudget.OfCode.TakeOne();
        _context = new LoadContext(registry, code: null);
        _clrModule = compiled.Image.Load(optimize, _ran, _context.LoadFromStream).ManifestModule;
        _clrHandle = _clrModule.ModuleHandle;
        _entryPoints = new nint[compiled.FunctionCount];
        Register(_clrModule);
    }

    /// <inheritdoc/>
    public override CodeRange Range { get; }

    /// <summary>Where the code section begins in the binary: an address minus the range's start is an offset from here.</summary>
    public int CodeSectionOffset { get; }

    /// <summary>Whether RyuJIT optimises it.</summary>
    public bool IsOptimized { get; }

    /// <summary>Where a function's code begins. The function itself is compiled by the CLR when it is first called.</summary>
    /// <param name="function">The function, counted without the imported ones.</param>
    public nint EntryPoint(int function)
    {
        ref var entry = ref _entryPoints[function];
        if (entry == 0)
        {
            // Two threads may both ask; the CLR gives both the same address.
            entry = MethodOf(function).GetFunctionPointer();
        }

        return entry;
    }

    /// <summary>Has the CLR compile a method now.</summary>
    /// <param name="method">A function, counted without the imported ones, or after those the body of a split one.</param>
    /// <exception cref="ResourceLimitException">It names types that are not loaded yet, and the process has hardly any memory mappings left.</exception>
    public void Prepare(int method)
    {
        try
        {
            RuntimeHelpers.PrepareMethod(MethodOf(method));
        }
        catch (FileLoadException failure) when (MappingBudget.RefusalBehind(failure) is { } full)
        {
            ExceptionDispatchInfo.Throw(full);
        }
    }

    /// <summary>Has the CLR compile all methods of a function now.</summary>
    /// <param name="function">The function, counted without the imported ones.</param>
    public void PrepareFunction(int function)
    {
        foreach (var method in _compiled.MethodsOf(function))
        {
            Prepare(method);
        }
    }

    /// <summary>What the CLR calls the assembly.</summary>
    public string AssemblyName => _clrModule.Assembly.GetName().Name!;

    /// <summary>Loads a continuation that was made for this code, also after <see cref="Unload"/>: instances that run this code may still want it.</summary>
    public ContinuationCode Load(ContinuationImage image)
    {
        MappingBudget.OfCode.TakeOne();

        // A context of its own, which goes when nothing refers to the continuation any more.
        var context = new LoadContext(_registry, _clrModule.Assembly);
        try
        {
            return new ContinuationCode(this, image, context.LoadFromStream);
        }
        finally
        {
            context.Unload();
        }
    }

    /// <inheritdoc/>
    public override ulong AddressOf(int wasmOffset) => Range.Start + (ulong)(wasmOffset - CodeSectionOffset);

    /// <inheritdoc/>
    public override int FindOffset(int function, int ilOffset, AddressSiteKind kind) => _compiled.Addresses.Find(function, ilOffset, kind);

    /// <summary>Lets the CLR take the code away once nothing refers to it.</summary>
    public void Unload() => _context.Unload();

    /// <inheritdoc/>
    protected override int FunctionOfRow(int row) => _compiled.FunctionOfRow(row);

    // By handle: MethodBase objects are kept by the CLR as long as their module, some hundred bytes for each.
    private RuntimeMethodHandle MethodOf(int method) => _clrHandle.ResolveMethodHandle(MethodDefTable | (_compiled.FirstFunctionRow + method));

    private sealed class LoadContext(SignatureRegistry registry, Assembly? code) : AssemblyLoadContext(name: null, isCollectible: true)
    {
        // The image refers to this assembly, which may itself live in a context of a host's plug-in.
        protected override Assembly? Load(AssemblyName assemblyName) =>
            assemblyName.Name == typeof(ModuleCode).Assembly.GetName().Name ? typeof(ModuleCode).Assembly
            : code is not null && assemblyName.Name == code.GetName().Name ? code
            : HeapTypeNames.IsGroupAssembly(assemblyName.Name!) ? registry.FindHeapTypes(assemblyName.Name!)?.Assembly
            : null;
    }
}
