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
    private readonly ImmutableArray<string>.Builder _problems = ImmutableArray.CreateBuilder<string>();

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
    /// <exception cref="LinkException">Some can't be given; each is named.</exception>
    /// <exception cref="ObjectDisposedException">A memory that would be given is gone.</exception>
    public void Resolve()
    {
        foreach (var import in module.Syntax.Imports)
        {
            var definition = find(import);
            if (definition is null)
            {
                _problems.Add($"unknown import: {Name(import)} {module.ImportTypeOf(import)} is not defined");
            }
            else if (!TryTake(import, definition))
            {
                _problems.Add($"incompatible import type: {Name(import)} must be {module.ImportTypeOf(import)}, not {definition.Type}");
            }
        }

        if (_problems.Count > 0)
        {
            throw new LinkException(_problems.DrainToImmutable());
        }
    }

    private static string Name(ImportSyntax import) => $"\"{import.Module}\".\"{import.Name}\"";

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
