using System.Collections.Immutable;
using HostService.Runtime.Errors;
using HostService.Runtime.Execution;
using HostService.Runtime.Execution.Calls;
using HostService.Runtime.Execution.Globals;
using HostService.Runtime.Execution.LinearMemories;
using HostService.Runtime.Execution.Tables;
using HostService.Runtime.Syntax;
using HostService.Runtime.Types;

namespace HostService.Runtime.Linking;

/// <summary>Resolves and checks all imports of one module, once, into the arrays that instances are made from.</summary>
internal sealed class ImportResolver(Module module, Func<ImportSyntax, Definition?> find)
{
    // A module of a few megabytes has a million imports of functions with a thousand parameters, and what is wrong with them would take gigabytes to say.
    private const int MaxProblems = 100;
    private const int MaxNameCharacters = 200;
    private const int MaxTypeCharacters = 400;

    private readonly ImmutableArray<string>.Builder _problems = ImmutableArray.CreateBuilder<string>();
    private int _unnamed;

    public List<FuncRef> Functions { get; } = [];

    public List<TableInstance> Tables { get; } = [];

    public List<LinearMemory> Memories { get; } = [];

    public List<GlobalCell> Globals { get; } = [];

    public List<TagInstance> Tags { get; } = [];

    /// <summary>What must not be collected while instances may still be made: a shared memory's handle holds the memory.</summary>
    public List<Definition> KeptAlive { get; } = [];

    /// <summary>The one Store that something imported lives in, or null when the imports serve any Store.</summary>
    public Store? Store { get; private set; }

    /// <summary>Resolves every import.</summary>
    /// <exception cref="LinkException">Some can't be given; the first hundred are named.</exception>
    /// <exception cref="ObjectDisposedException">A memory that would be given is gone.</exception>
    public void Resolve()
    {
        foreach (var import in module.Syntax.Imports)
        {
            var definition = find(import);
            var isGiven = definition is not null && TryTake(import, definition);
            if (!isGiven && _problems.Count == MaxProblems)
            {
                _unnamed++;
            }
            else if (!isGiven)
            {
                var type = Shortened(module.ImportTypeOf(import).ToString(), MaxTypeCharacters);
                _problems.Add(definition is null
                    ? $"unknown import: {Name(import)} {type} is not defined"
                    : $"incompatible import type: {Name(import)} must be {type}, not {definition.Type}");
            }
        }

        if (_problems.Count > 0)
        {
            if (_unnamed > 0)
            {
                _problems.Add($"{_unnamed} more imports can't be given");
            }

            throw new LinkException(_problems.DrainToImmutable());
        }
    }

    private static string Name(ImportSyntax import) => $"\"{Shortened(import.Module, MaxNameCharacters)}\".\"{Shortened(import.Name, MaxNameCharacters)}\"";

    // Not between the two halves of a character.
    private static string Shortened(string text, int most) =>
        text.Length <= most ? text : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[most - 1]) ? most - 1 : most), "…");

    private bool TryTake(ImportSyntax import, Definition definition)
    {
        if (definition.Item is { } item)
        {
            if (!ReferenceEquals(item.Store.Engine, module.Engine))
            {
                throw new ArgumentException($"{Name(import)} belongs to another Engine than the module.");
            }

            if (!definition.ServesAnyStore)
            {
                if (Store is not null && !ReferenceEquals(Store, item.Store))
                {
                    throw new ArgumentException($"{Name(import)} belongs to another Store than the imports before it.");
                }

                Store = item.Store;
            }
        }

        var registry = module.Engine.Signatures;
        var ids = module.TypeIds;
        var index = import.Index;
        switch (import.Kind)
        {
            case ExternKind.Func when definition.Function is { } function:
                return Take(Functions, function, registry.IsSubtype(function.Signature, ids[module.Syntax.FunctionTypes[index]]));
            case ExternKind.Table when definition.Item is Table table:
                return Take(Tables, table.Instance, ImportMatching.Matches(table.Type, Canonical.Of(module.Syntax.Tables[index].Type, ids)));
            case ExternKind.Memory when definition.Memory is { } memory:
                KeptAlive.Add(definition);
                var matches = ImportMatching.Matches(definition.Type.Memory!, module.Syntax.Memories[index]);

                // One that its last holder lets go, on whatever thread, has no length any more.
                ObjectDisposedException.ThrowIf(!matches && memory.IsReturned, memory);
                return Take(Memories, memory, matches);
            case ExternKind.Global when definition.Item is Global global:
                return Take(Globals, global.Cell, ImportMatching.Matches(global.Type, Canonical.Of(module.Syntax.Globals[index].Type, ids), registry));
            case ExternKind.Tag when definition.Item is Tag tag:
                return Take(Tags, tag.Instance, tag.Instance.TypeId == ids[module.Syntax.TagTypes[index]]);
            default:
                return false;
        }
    }

    private static bool Take<T>(List<T> list, T item, bool matches)
    {
        list.Add(item);
        return matches;
    }
}
