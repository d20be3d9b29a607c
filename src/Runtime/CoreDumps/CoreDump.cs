using HostService.Runtime.Errors;
using HostService.Runtime.Execution;
using HostService.Runtime.Syntax;
using HostService.Runtime.Validation;

namespace HostService.Runtime.CoreDumps;

/// <summary>Makes a core dump of a Store whose guest trapped. See docs/adr/0092.</summary>
internal sealed class CoreDump
{
    private const byte MissingValue = 0x01;
    private const string ThreadName = "main";

    private readonly IReadOnlyList<InstanceState> _instances;
    private readonly List<ModuleSyntax> _modules = [];
    private readonly CoreDumpMemories _memories = new();
    private readonly CoreDumpGlobals _globals = new();

    private CoreDump(IReadOnlyList<InstanceState> instances) => _instances = instances;

    /// <summary>Writes a dump.</summary>
    /// <param name="instances">The Store's instances.</param>
    /// <param name="trap">Why.</param>
    /// <param name="executable">The name of what ran.</param>
    /// <param name="maxMemoryBytes">How many bytes of memories it may have.</param>
    /// <param name="destination">Where to.</param>
    /// <returns>Whether all of the memories that is not zero is in it.</returns>
    public static bool Write(IReadOnlyList<InstanceState> instances, TrapException trap, string executable, long maxMemoryBytes, Stream destination)
    {
        var dump = new CoreDump(instances);
        var head = new CoreDumpWriter();
        head.Raw([0, (byte)'a', (byte)'s', (byte)'m', 1, 0, 0, 0]);
        head.Custom("core", section =>
        {
            section.Byte(0);
            section.Name(executable);
        });
        dump.WriteInstances(head);
        head.Custom("corestack", section => dump.WriteStack(section, trap));
        dump._memories.Scan(maxMemoryBytes);
        dump._memories.WriteTypes(head);
        dump._globals.WriteSection(head);
        destination.Write(head.Bytes);
        dump._memories.WriteContents(destination);
        return !dump._memories.IsPartial;
    }

    // Modules come first in the file, and are known once the instances are.
    private void WriteInstances(CoreDumpWriter head)
    {
        var instances = new CoreDumpWriter();
        var names = new CoreDumpWriter();
        foreach (var state in _instances)
        {
            var module = state.Module!;
            var index = _modules.IndexOf(module.Syntax);
            if (index < 0)
            {
                index = _modules.Count;
                _modules.Add(module.Syntax);
                names.Byte(0);
                names.Name(module.Name ?? "");
            }

            instances.Byte(0);
            instances.Unsigned((ulong)index);
            instances.Unsigned((ulong)state.Memories.Length);
            foreach (var memory in state.Memories)
            {
                instances.Unsigned((ulong)_memories.IndexOf(memory));
            }

            var globals = module.Syntax.Globals.Length;
            instances.Unsigned((ulong)globals);
            for (var i = 0; i < globals; i++)
            {
                instances.Unsigned((ulong)_globals.IndexOf(module.GlobalCellOf(state, i)));
            }
        }

        head.Custom("coremodules", section =>
        {
            section.Unsigned((ulong)_modules.Count);
            section.Raw(names.Bytes);
        });
        head.Custom("coreinstances", section =>
        {
            section.Unsigned((ulong)_instances.Count);
            section.Raw(instances.Bytes);
        });
    }

    private void WriteStack(CoreDumpWriter section, TrapException trap)
    {
        section.Byte(0);
        section.Name(ThreadName);
        section.Unsigned((ulong)trap.Frames.Length);
        foreach (var frame in trap.Frames)
        {
            // A frame says its module and not which instance of it: the first one's, and nearly always there is one.
            var instance = 0;
            while (instance < _instances.Count - 1 && !ReferenceEquals(_instances[instance].Module!.Syntax, frame.ModuleKey))
            {
                instance++;
            }

            var body = ((ModuleSyntax)frame.ModuleKey!).Body(new FuncIndex(frame.FunctionIndex));
            section.Byte(0);
            section.Unsigned((ulong)instance);
            section.Unsigned((ulong)frame.FunctionIndex);
            section.Unsigned((ulong)(frame.Offset - body.Offset));
            WriteLocals(section, (ModuleSyntax)frame.ModuleKey, frame.FunctionIndex, body);
            section.Unsigned(0); // operands
        }
    }

    // RyuJIT keeps them where it likes, so each is a missing value; their number is known.
    private static void WriteLocals(CoreDumpWriter section, ModuleSyntax module, int function, CodeBody body)
    {
        var locals = new LocalTypes();
        var declarations = new WasmReader(module.Binary.Span, body.Offset, body.Offset + body.Length);
        locals.Begin(module.FuncTypeOf(new FuncIndex(function)).Parameters.AsSpan());
        locals.ReadDeclarations(ref declarations, int.MaxValue);
        section.Unsigned((ulong)locals.Count);
        for (var i = 0; i < locals.Count; i++)
        {
            section.Byte(MissingValue);
        }
    }
}
