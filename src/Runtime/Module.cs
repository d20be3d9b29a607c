using System.Collections.Frozen;
using System.Collections.Immutable;
using HostService.Runtime.Binary;
using HostService.Runtime.Compilation;
using HostService.Runtime.Compilation.Continuations;
using HostService.Runtime.Debugging;
using HostService.Runtime.Errors;
using HostService.Runtime.Execution;
using HostService.Runtime.Execution.Code;
using HostService.Runtime.Execution.Faults;
using HostService.Runtime.Execution.Globals;
using HostService.Runtime.Execution.Signatures;
using HostService.Runtime.Interpretation;
using HostService.Runtime.Syntax;
using HostService.Runtime.Types;
using HostService.Runtime.Validation;

namespace HostService.Runtime;

/// <summary>A compiled module: validated, with its code, its types registered and its first memory contents ready.</summary>
/// <remarks>
/// Immutable and thread-safe; make it once and instantiate it any number of times. All work that depends on how many functions it has is done here, none
/// at instantiation. Disposing releases code, types and images once the last Store that uses them is disposed.
/// <see href="https://webassembly.github.io/spec/core/syntax/modules.html">Spec: modules</see>
/// </remarks>
public sealed partial class Module : IDisposable
{
    private readonly SignatureCollection _signatures;
    private readonly FrozenDictionary<string, int> _exportPlaces;
    private readonly NameSection _names;
    private readonly Lazy<ImmutableArray<ImportType>> _imports;
    private readonly Lazy<ImmutableArray<ExportType>> _exports;
    private readonly HolderCount _holders = new(); // besides its owner, each Store that it has code in

    // The one way a module comes to be, whether its code was compiled just now or stored earlier.
    internal Module(Engine engine, ModuleParts parts, string? name)
    {
        Engine = engine;
        Syntax = parts.Validated.Syntax;
        _names = new NameSection(Syntax);
        SourceMap = DwarfSourceMap.Of(Syntax);
        Name = name ?? (_names.Module is { Length: > 0 } own ? own : null);
        Globals = new GlobalLayout(Syntax);
        CodeRange = engine.CodeAddresses.Reserve(Syntax.CodeSectionLength);
        _compiled = parts.Code;
        Continuations = new ContinuationCompiler(parts.Validated, CompileOptionsOf(engine));
        _ran = engine.Options.Compilation == CompilationStrategy.Tiered ? RunProfile.NewMarks(_compiled.FunctionCount, parts.Profile) : [];
        GuardPages.KeepActivationsOut();
        _code = Load(optimize: engine.Options.Compilation == CompilationStrategy.Optimized);
        _signatures = engine.Signatures.Register(Syntax.Types, Syntax.RecGroups);
        (Interpreter, _interpretedFirst) = Interpret(parts.Profile);
        TableTypes = [.. Syntax.Tables.Select(table => Canonical.Of(table.Type, TypeIds))];
        GlobalTypes = [.. Syntax.Globals.Select(global => Canonical.Of(global.Type, TypeIds))];
        TagTypes = CanonicalTagTypes();
        Contents = new InitialContents(Syntax, Globals);
        _exportPlaces = Syntax.Exports.Select((export, place) => (export.Name, place)).ToFrozenDictionary(pair => pair.Name, pair => pair.place);
        _imports = new Lazy<ImmutableArray<ImportType>>(() => [.. Syntax.Imports.Select(import => new ImportType(import.Module, import.Name, ImportTypeOf(import)))]);
        _exports = new Lazy<ImmutableArray<ExportType>>(() => [.. Syntax.Exports.Select(export => new ExportType(export.Name, TypeOf(export.Kind, export.Index)))]);
        engine.Counters.Created();
        _verdict = parts.Verdict;
        Optimization = engine.Options.Compilation == CompilationStrategy.Tiered ? Optimize(parts.Profile, _interpretedFirst) : null;
    }

    /// <summary>Where its instructions come from; null when it carries no debugging information.</summary>
    internal ISourceMap? SourceMap { get; }

    /// <summary>The Engine that it was compiled for.</summary>
    public Engine Engine { get; }

    /// <summary>The name that the embedder gave it, else the one in its name section, else null.</summary>
    public string? Name { get; }

    /// <summary>What it must be given, in order.</summary>
    public ImmutableArray<ImportType> Imports => _imports.Value;

    /// <summary>What its instances offer, in order.</summary>
    public ImmutableArray<ExportType> Exports => _exports.Value;

    /// <summary>How many functions it has, imported ones included.</summary>
    public int FunctionCount => Syntax.FunctionCount;

    /// <summary>The length of its binary in bytes.</summary>
    public int BinaryLength => Syntax.Binary.Length;

    /// <summary>How many bytes the memories of one instance have together at its start, imported ones not counted; <see cref="ulong.MaxValue"/> when that does not fit.</summary>
    /// <remarks>Where it is more than <see cref="StoreLimits.MaxMemoryBytes"/>, no Store with those limits can hold an instance.</remarks>
    public ulong InitialMemoryBytes =>
        Sum(Syntax.Memories.Skip(Syntax.ImportedMemoryCount).Select(memory => (UInt128)memory.Limits.Minimum << memory.PageSizeLog2));

    /// <summary>How many elements the tables of one instance have together at its start, imported ones not counted; <see cref="ulong.MaxValue"/> when that does not fit.</summary>
    /// <remarks>Where it is more than <see cref="StoreLimits.MaxTableElements"/>, no Store with those limits can hold an instance.</remarks>
    public ulong InitialTableElements => Sum(TableTypes.Skip(Syntax.ImportedTableCount).Select(table => (UInt128)table.Limits.Minimum));

    internal ModuleSyntax Syntax { get; }

    internal GlobalLayout Globals { get; }

    internal CodeRange CodeRange { get; }

    internal InitialContents Contents { get; }

    /// <summary>The canonical id of each type, by type index; shared with instances, never written.</summary>
    internal int[] TypeIds => _signatures.SharedIds;

    internal TableType[] TableTypes { get; }

    internal GlobalType[] GlobalTypes { get; }

    internal TagType[] TagTypes { get; }

    /// <summary>Decodes and validates a module without compiling it.</summary>
    /// <param name="engine">Its options say which features and sizes are allowed.</param>
    /// <param name="binary">The binary.</param>
    /// <param name="cancellationToken">Ends the validation between two functions.</param>
    /// <exception cref="MalformedModuleException">It is no WebAssembly binary.</exception>
    /// <exception cref="InvalidModuleException">It breaks a rule of validation.</exception>
    /// <exception cref="ModuleLimitException">It is larger in some respect than this Engine takes.</exception>
    public static void Validate(Engine engine, ReadOnlyMemory<byte> binary, CancellationToken cancellationToken = default) =>
        DecodeAndValidate(engine, binary, cancellationToken);

    /// <summary>Decodes and validates a module and those of its custom sections that the specification gives a form, as a linter would.</summary>
    /// <param name="engine">Its options say which features and sizes are allowed.</param>
    /// <param name="binary">The binary.</param>
    /// <param name="cancellationToken">Ends the validation between two functions.</param>
    /// <remarks>
    /// A broken custom section keeps no module from being compiled, so <see cref="Compile"/> and <see cref="Validate"/> don't look into them. Checked are branch
    /// hints (<c>metadata.code.branch_hint</c>); other sections may hold anything.
    /// </remarks>
    /// <exception cref="MalformedModuleException">It is no WebAssembly binary, or a custom section can't be read.</exception>
    /// <exception cref="InvalidModuleException">It breaks a rule of validation, or a custom section refers to what is not there.</exception>
    /// <exception cref="ModuleLimitException">It is larger in some respect than this Engine takes.</exception>
    public static void ValidateCustomSections(Engine engine, ReadOnlyMemory<byte> binary, CancellationToken cancellationToken = default)
    {
        var module = DecodeAndValidate(engine, binary, cancellationToken).Syntax;
        foreach (var section in module.CustomSections)
        {
            if (section.Name == BranchHints.SectionName)
            {
                BranchHints.Check(module, section);
            }
        }
    }

    /// <summary>Releases code, types and images, at once or when the last Store that uses them is disposed. No new instances can be made.</summary>
    public void Dispose()
    {
        if (_holders.IsClosed)
        {
            return;
        }

        Optimization?.Cancel();
        _trialCancellation.Cancel();
        if (_holders.Close())
        {
            ReleaseAll();
        }
    }

    /// <summary>Keeps the module's code and types for a Store.</summary>
    /// <param name="processor">See <see cref="HolderCount.TryAcquire"/>.</param>
    /// <exception cref="ObjectDisposedException">The module is disposed.</exception>
    internal void Acquire(int processor) => ObjectDisposedException.ThrowIf(!_holders.TryAcquire(processor), this);

    /// <summary>Ends what <see cref="Acquire"/> began; the last one out releases everything.</summary>
    internal void Release(int processor)
    {
        if (_holders.Release(processor))
        {
            ReleaseAll();
        }
    }

    private void ReleaseAll()
    {
        _signatures.Dispose();
        Contents.Dispose();
        ReleaseCode();
        Engine.Counters.Released();
    }

    /// <summary>The place of an export among <see cref="Exports"/>.</summary>
    internal bool TryGetExport(string name, out int place) => _exportPlaces.TryGetValue(name, out place);

    /// <summary>The bytes of a data segment for <c>memory.init</c>: active ones are dropped once an instance is made.</summary>
    internal ReadOnlySpan<byte> DataSegment(int index)
    {
        ref readonly var segment = ref Syntax.DataSegments[index];
        return segment.Mode == SegmentMode.Passive ? Syntax.Binary.Span.Slice(segment.DataOffset, segment.DataLength) : default;
    }

    /// <summary>A view of a global of an instance, imported or its own.</summary>
    internal GlobalCell GlobalCellOf(InstanceState instance, int index) => index < Syntax.ImportedGlobalCount
        ? instance.ImportedGlobals[index]
        : new GlobalCell(GlobalTypes[index], instance.Globals, instance.RefGlobals, Globals.SlotOf(index));

    /// <summary>What an import must be, canonical.</summary>
    internal ExternType ImportTypeOf(ImportSyntax import) => TypeOf(import.Kind, import.Index);

    private static ulong Sum(IEnumerable<UInt128> parts) => (ulong)UInt128.Min(ulong.MaxValue, parts.Aggregate(UInt128.Zero, (sum, part) => sum + part));

    private static ValidatedModule DecodeAndValidate(Engine engine, ReadOnlyMemory<byte> binary, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(engine);
        var limits = engine.Options.ModuleLimits;
        return ValidatedModule.Validate(ModuleDecoder.Decode(binary, engine.Options.Features, limits), limits, cancellationToken);
    }

    // One object for each type: two bytes are a tag of a thousand values, and there may be a million of them.
    private TagType[] CanonicalTagTypes()
    {
        var byType = new Dictionary<int, TagType>();
        foreach (var type in Syntax.TagTypes.Distinct())
        {
            byType.Add(type, new TagType(Engine.Signatures.FuncType(TypeIds[type])));
        }

        return [.. Syntax.TagTypes.Select(type => byType[type])];
    }

    private ExternType TypeOf(ExternKind kind, int index) => kind switch
    {
        ExternKind.Func => ExternType.From(Engine.Signatures.FuncType(TypeIds[Syntax.FunctionTypes[index]])),
        ExternKind.Table => ExternType.From(TableTypes[index]),
        ExternKind.Memory => ExternType.From(Syntax.Memories[index]),
        ExternKind.Global => ExternType.From(GlobalTypes[index]),
        _ => ExternType.From(TagTypes[index]),
    };
}
