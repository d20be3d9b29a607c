using HostService.Runtime.Syntax;

namespace HostService.Runtime.Binary;

/// <content>The import section.</content>
/// <remarks><see href="https://webassembly.github.io/spec/core/binary/modules.html#import-section">Spec: import section</see></remarks>
internal sealed partial class ModuleDecoder
{
    private void DecodeImports(ref WasmReader reader)
    {
        var imports = new ImportSyntax[ReadCount(ref reader, _limits.MaxImports, "imports")];
        List<int> functions = [];
        List<TableSyntax> tables = [];
        List<MemoryType> memories = [];
        List<GlobalSyntax> globals = [];
        List<int> tags = [];
        for (var i = 0; i < imports.Length; i++)
        {
            var module = ReadName(ref reader);
            var name = ReadName(ref reader);
            var start = reader.Position;
            var kind = (ExternKind)reader.ReadByte();
            imports[i] = new ImportSyntax(module, name, kind, kind switch
            {
                ExternKind.Func => Append(functions, reader.ReadIndex()),
                ExternKind.Table => Append(tables, new TableSyntax(ReadTableType(ref reader), Init: null)),
                ExternKind.Memory => Append(memories, ReadMemoryType(ref reader)),
                ExternKind.Global => Append(globals, new GlobalSyntax(ReadGlobalType(ref reader), Init: null)),
                ExternKind.Tag => Append(tags, ReadTagType(ref reader)),
                _ => throw new MalformedModuleException("malformed import kind", start),
            });
        }

        _module.Imports = imports;
        (_module.FunctionTypes, _module.ImportedFunctionCount) = ([.. functions], functions.Count);
        (_module.Tables, _module.ImportedTableCount) = ([.. tables], tables.Count);
        (_module.Memories, _module.ImportedMemoryCount) = ([.. memories], memories.Count);
        (_module.Globals, _module.ImportedGlobalCount) = ([.. globals], globals.Count);
        (_module.TagTypes, _module.ImportedTagCount) = ([.. tags], tags.Count);
    }

    private static int Append<T>(List<T> space, T item)
    {
        space.Add(item);
        return space.Count - 1;
    }

    // The array of a space with room for what the module defines after what it imports.
    private static T[] Extend<T>(T[] imported, int defined)
    {
        Array.Resize(ref imported, imported.Length + defined);
        return imported;
    }
}
