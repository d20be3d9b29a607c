using HostService.Runtime.Syntax;

namespace HostService.Runtime.Binary;

/// <content>The function section and the code section, which belong together: types here, bodies there.</content>
/// <remarks><see href="https://webassembly.github.io/spec/core/binary/modules.html#code-section">Spec: code section</see></remarks>
internal sealed partial class ModuleDecoder
{
    private void DecodeFunctions(ref WasmReader reader)
    {
        var imported = _module.FunctionTypes.Length;
        var count = ReadCount(ref reader, 1, _limits.MaxFunctions, "functions", imported);
        var types = Extend(_module.FunctionTypes, count);
        for (var i = imported; i < types.Length; i++)
        {
            types[i] = reader.ReadIndex();
        }

        _module.FunctionTypes = types;
    }

    private void DecodeCode(ref WasmReader reader)
    {
        var start = reader.Position;
        (_module.CodeSectionOffset, _module.CodeSectionLength) = (start, reader.Remaining);
        var declared = _module.FunctionCount - _module.ImportedFunctionCount;
        var count = reader.ReadCount(itemBytes: 1);
        if (count != declared)
        {
            WasmReader.ThrowMalformed($"function and code section have inconsistent lengths: {declared} and {count}", start);
        }

        var bodies = new CodeBody[count];
        for (var i = 0; i < count; i++)
        {
            var length = reader.ReadLength();
            if (length > _limits.MaxFunctionBytes)
            {
                throw new ModuleLimitException(
                    $"+0x{reader.Position:x}: func[{_module.ImportedFunctionCount + i}] has {length} bytes; this engine takes at most {_limits.MaxFunctionBytes}");
            }

            bodies[i] = new CodeBody(reader.Position, length);
            reader.Position += length;
        }

        _module.Bodies = bodies;
    }
}
