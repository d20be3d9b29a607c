namespace HostService.Runtime.Syntax;

/// <summary>Reads the labels of a <c>br_table</c> again, without the default one. The instruction reader has checked their form.</summary>
internal ref struct LabelReader
{
    private WasmReader _reader;
    private int _left;

    /// <summary>Reads the labels of <paramref name="instruction"/>, which came from <paramref name="binary"/>.</summary>
    public LabelReader(ReadOnlySpan<byte> binary, in Instruction instruction)
    {
        _reader = new WasmReader(binary, instruction.ListOffset, instruction.EndOffset);
        _left = instruction.ListCount;
    }

    /// <summary>Reads the next label, or says that there is none.</summary>
    public bool Read(out int label)
    {
        if (_left == 0)
        {
            label = 0;
            return false;
        }

        _left--;
        label = _reader.ReadIndex();
        return true;
    }
}
