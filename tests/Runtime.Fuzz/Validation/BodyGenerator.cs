using HostService.Runtime.Syntax;

namespace HostService.Runtime.Fuzz.Validation;

/// <summary>
/// Makes modules whose one function is a short run of random instructions of the table, most of it in code that is never reached: there the stack gives
/// whatever an instruction asks for, so that a run is often valid and the rules for references, blocks and subtypes are what decides.
/// </summary>
internal sealed class BodyGenerator(int seed, Func<byte[], bool> isValid)
{
    private static readonly InstructionInfo[] s_rows = [.. InstructionTable.Rows.Where(IsWanted)];

    // Few runs are nested deeper.
    private const int Labels = 2;

    private readonly Random _random = new(seed);
    private readonly List<byte> _body = [];

    // Vector arithmetic is alike and many; one in twenty rows is enough to keep it in.
    private static bool IsWanted(InstructionInfo row, int index) =>
        row.Group.RequiredFeature() == Types.WasmFeatures.None && (row.Group is not (InstructionGroup.Simd or InstructionGroup.RelaxedSimd) || index % 20 == 0);

    /// <summary>The next module.</summary>
    public byte[] Next()
    {
        _body.Clear();
        _body.AddRange(ModuleTemplate.Locals);
        var open = 1;
        if (_random.Next(4) != 0)
        {
            _body.Add(0x00); // unreachable
        }

        for (var left = 1 + _random.Next(12); left > 0; left--)
        {
            var row = s_rows[_random.Next(s_rows.Length)];
            if (open + Depth(row.Op) == 0)
            {
                continue;
            }

            // Most of what is invalid is taken back at once, or nothing long would be valid; some stays, for the other engine to refuse too.
            var before = _body.Count;
            Write(row);
            if (isValid(Close(open + Depth(row.Op))) || _random.Next(20) == 0)
            {
                open += Depth(row.Op);
            }
            else
            {
                _body.RemoveRange(before, _body.Count - before);
            }
        }

        return Close(open, isTidy: _random.Next(4) != 0);
    }

    // What is left on the stack at an end would make nearly all of them invalid; unreachable takes it away.
    private byte[] Close(int open, bool isTidy = true) =>
        ModuleTemplate.With([.. _body, .. Enumerable.Repeat<byte[]>(isTidy ? [0x00, 0x0B] : [0x0B], open).SelectMany(bytes => bytes)]);

    private static int Depth(Op op) => op switch
    {
        Op.Block or Op.Loop or Op.If or Op.TryTable => 1,
        Op.End => -1,
        _ => 0,
    };

    private void Write(InstructionInfo row)
    {
        var (prefix, code) = OpPrefix.Split(row.Op);
        if (prefix is { } first)
        {
            _body.Add(first);
            Unsigned(code);
        }
        else
        {
            _body.Add((byte)code);
        }

        WriteImmediates(row);
    }

    private void WriteImmediates(InstructionInfo row)
    {
        switch (row.Immediates)
        {
            case Immediates.None:
                break;
            case Immediates.BlockType:
                BlockType();
                break;
            case Immediates.Catches:
                BlockType();
                Catches();
                break;
            case Immediates.LabelTable:
                var labels = _random.Next(3);
                Unsigned(labels);
                for (; labels >= 0; labels--)
                {
                    Index(Labels);
                }

                break;
            case Immediates.BranchOnCast:
                _body.Add((byte)_random.Next(4));
                Index(Labels);
                HeapType();
                HeapType();
                break;
            case Immediates.SelectTypes:
                _body.Add(1);
                ValueType();
                break;
            case Immediates.HeapType:
                HeapType();
                break;
            case Immediates.MemArg or Immediates.MemArgAndLane:
                var memory = _random.Next(2);
                _body.Add((byte)(_random.Next(row.NaturalAlignLog2 + 1) | (memory << 6)));
                if (memory != 0)
                {
                    _body.Add((byte)memory);
                }

                Unsigned(_random.Next(100));
                if (row.Immediates == Immediates.MemArgAndLane)
                {
                    _body.Add((byte)_random.Next(row.Lanes));
                }

                break;
            case Immediates.Lane16 or Immediates.Lane8 or Immediates.Lane4 or Immediates.Lane2:
                _body.Add((byte)_random.Next(row.Lanes + 1));
                break;
            case Immediates.Shuffle or Immediates.V128Const:
                Bytes(16);
                break;
            case Immediates.F32Const:
                Bytes(4);
                break;
            case Immediates.F64Const:
                Bytes(8);
                break;
            case Immediates.I32Const or Immediates.I64Const:
                _body.Add((byte)_random.Next(128));
                break;
            default:
                foreach (var space in Spaces(row.Immediates))
                {
                    Index(space);
                }

                break;
        }
    }

    private void Catches()
    {
        var clauses = _random.Next(3);
        Unsigned(clauses);
        for (; clauses > 0; clauses--)
        {
            var kind = _random.Next(4);
            _body.Add((byte)kind);
            if (kind < 2)
            {
                Index(ModuleTemplate.TagCount);
            }

            Index(Labels);
        }
    }

    private void BlockType()
    {
        switch (_random.Next(3))
        {
            case 0: _body.Add(0x40); break;
            case 1: ValueType(); break;
            default: Index(ModuleTemplate.TypeCount); break;
        }
    }

    private void ValueType()
    {
        switch (_random.Next(3))
        {
            case 0: _body.Add((byte)_random.Next(0x7B, 0x80)); break;
            case 1: _body.Add((byte)_random.Next(0x69, 0x75)); break;
            default:
                _body.Add((byte)_random.Next(0x63, 0x65));
                HeapType();
                break;
        }
    }

    // An abstract one, or a defined one by index.
    private void HeapType() => _body.Add((byte)(_random.Next(2) == 0 ? _random.Next(0x69, 0x75) : _random.Next(ModuleTemplate.TypeCount)));

    // How large the spaces are that an instruction's indices name, in their order.
    private static int[] Spaces(Immediates immediates) => immediates switch
    {
        Immediates.FuncIndex => [ModuleTemplate.FunctionCount],
        Immediates.TypeIndex => [ModuleTemplate.TypeCount],
        Immediates.LocalIndex => [ModuleTemplate.LocalCount],
        Immediates.GlobalIndex => [ModuleTemplate.GlobalCount],
        Immediates.TableIndex => [ModuleTemplate.TableCount],
        Immediates.MemoryIndex => [ModuleTemplate.MemoryCount],
        Immediates.TagIndex => [ModuleTemplate.TagCount],
        Immediates.ElementIndex => [ModuleTemplate.ElementSegmentCount],
        Immediates.DataIndex => [ModuleTemplate.DataSegmentCount],
        Immediates.TypeAndTable => [ModuleTemplate.TypeCount, ModuleTemplate.TableCount],
        Immediates.TypeAndElement => [ModuleTemplate.TypeCount, ModuleTemplate.ElementSegmentCount],
        Immediates.TypeAndData => [ModuleTemplate.TypeCount, ModuleTemplate.DataSegmentCount],
        Immediates.TypeAndType => [ModuleTemplate.TypeCount, ModuleTemplate.TypeCount],
        Immediates.TypeAndField or Immediates.TypeAndCount => [ModuleTemplate.TypeCount, 3],
        Immediates.TableAndTable => [ModuleTemplate.TableCount, ModuleTemplate.TableCount],
        Immediates.ElementAndTable => [ModuleTemplate.ElementSegmentCount, ModuleTemplate.TableCount],
        Immediates.MemoryAndMemory => [ModuleTemplate.MemoryCount, ModuleTemplate.MemoryCount],
        Immediates.DataAndMemory => [ModuleTemplate.DataSegmentCount, ModuleTemplate.MemoryCount],
        _ => [Labels],
    };

    // Once in fifty it names something beyond the space.
    private void Index(int space) => _body.Add((byte)(_random.Next(50) == 0 ? space + _random.Next(2) : _random.Next(space)));

    private void Unsigned(int value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            _body.Add((byte)(value | 0x80));
        }

        _body.Add((byte)value);
    }

    private void Bytes(int count)
    {
        for (; count > 0; count--)
        {
            _body.Add((byte)_random.Next(32));
        }
    }
}
