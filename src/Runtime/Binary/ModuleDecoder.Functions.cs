using HostService.Runtime.Syntax;

namespace HostService.Runtime.Binary;

/// <content>The function section and the code section, which belong together: types here, bodies there.</content>
/// <remarks><see href="https://webassembly.github.io/spec/core/binary/modules.html#code-section">Spec: code section</see></remarks>
internal sealed partial class ModuleDecoder
{
    private void DecodeFunctions(ref WasmReader reader)
    {
        var imported = _module.FunctionTypes.Length;
        var count = ReadCount(ref reader, _limits.MaxFunctions, "functions", imported);
        var types = Extend(_module.FunctionTypes, count);
        for (var i = imported; i < types.Length; i++)
        {
            types[i] = reader.ReadIndex();
        }

        _module.FunctionTypes = types;
    }

    private void DecodeCode(ref WasmReader reader, int end)
    {
        (_module.CodeSectionOffset, _module.CodeSectionLength) = (reader.Position, end - reader.Position);
        var count = ReadCount(ref reader, _limits.MaxFunctions, "functions", _module.ImportedFunctionCount);

        var bodies = new CodeBody[count];
        for (var i = 0; i < count; i++)
        {
            var length = reader.ReadLength();
            if (length > _limits.MaxFunctionBytes)
            {
                var function = _module.ImportedFunctionCount + i;
                throw new ModuleLimitException(
                    $"+0x{reader.Position:x}: func[{function}] has {length} bytes; this engine takes at most {_limits.MaxFunctionBytes}");
            }

            bodies[i] = new CodeBody(reader.Position, length);
            reader.Position += length;
        }

        _module.Bodies = bodies;
    }

    // Reads all bodies for the faults that are in them.
    private void ReadBodies()
    {
        var binary = _module.Binary.Span;
        Instruction instruction = default;
        foreach (var body in _module.Bodies)
        {
            var end = body.Offset + body.Length;
            var reader = new WasmReader(binary, body.Offset, end);
            for (var declarations = reader.ReadCount(itemBytes: 2); declarations > 0; declarations--)
            {
                reader.ReadU32();
                reader.ReadValueType();
            }

            var instructions = new InstructionReader(binary, reader.Position, end, _features);
            while (instructions.Read(ref instruction))
            {
            }
        }
    }
}
