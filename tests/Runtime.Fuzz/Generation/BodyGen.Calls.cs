using System.Collections.Immutable;

namespace HostService.Runtime.Fuzz.Generation;

internal sealed partial class BodyGen
{
    private void CallStatement(int depth)
    {
        if (Callees() is { Count: > 0 } callees)
        {
            // Recursion is rare among many functions, and what inlines small ones has to see it.
            ConsumeAll(Call(!_isLeaf && _choices.Chance(20) ? _function : _choices.Of(callees), depth).Results);
        }
        else
        {
            SetVariable(depth);
        }
    }

    // Leaves take no fuel, so each calls only those before it.
    private List<int> Callees() =>
    [
        .. Enumerable.Range(_isLeaf ? _shape.FirstDefined : 0, _isLeaf ? _function - _shape.FirstDefined : _shape.FunctionTypes.Length)
            .Where(function => !_isPlain || _shape.TypeOf(function).HasNumbersOnly),
    ];

    private void CallExpression(ValType type, int depth)
    {
        var fitting = Callees().Where(function => _shape.TypeOf(function).Results is [var only] && only == type).ToList();
        if (fitting.Count == 0)
        {
            Leaf(type);
        }
        else
        {
            Call(_choices.Of(fitting), depth);
        }
    }

    /// <summary>Calls a function, or one of its type: directly, through the table, or through a reference.</summary>
    private FuncShape Call(int function, int depth)
    {
        var type = _shape.FunctionTypes[function];
        Expressions(_shape.Types[type].Parameters, depth);
        switch (_isLeaf || (_shape.IsLeaf(function) && _choices.Chance(60)) ? 0 : _choices.Below(_shape.IsLegacy || _isPlain ? 3 : 4))
        {
            case < 2:
                _code.Byte(0x10).U32((uint)function);
                break;
            case 2:
                TableIndex(type, depth);
                _code.Byte(0x11).U32((uint)type).U32(0);
                break;
            default:
                Reference(type, function, depth);
                _code.Byte(0x14).U32((uint)type);
                break;
        }

        return _shape.Types[type];
    }

    private void TailCall(int depth)
    {
        var fitting = Callees().Where(function => _shape.TypeOf(function).Results.SequenceEqual(_self.Results)).ToList();
        if (fitting.Count == 0)
        {
            _code.Byte(0x00);
            return;
        }

        var function = _choices.Of(fitting);
        var type = _shape.FunctionTypes[function];
        Expressions(_shape.Types[type].Parameters, depth);
        switch (_isLeaf ? 0 : _choices.Below(_shape.IsLegacy ? 2 : 3))
        {
            case 0:
                _code.Byte(0x12).U32((uint)function);
                break;
            case 1:
                TableIndex(type, depth);
                _code.Byte(0x13).U32((uint)type).U32(0);
                break;
            default:
                Reference(type, function, depth);
                _code.Byte(0x15).U32((uint)type);
                break;
        }
    }

    /// <summary>A typed reference to a function of the type; sometimes null.</summary>
    private void Reference(int type, int function, int depth)
    {
        // The host's functions are in no export, so nothing declares that they are referred to; the element segments may not list them either.
        var others = _shape.Generated.Where(other => _shape.FunctionTypes[other] == type).ToList();
        if (others.Count == 0 || _choices.Chance(5))
        {
            _code.Byte(0xD0).Signed(type);
            return;
        }

        _code.Byte(0xD2).U32((uint)(function >= ModuleShape.Imported ? function : others[0]));
        if (_choices.Chance(30))
        {
            _code.Byte(0xD2).U32((uint)_choices.Of(others));
            Expression(ValType.I32, depth + 1);
            _code.Byte(0x1C).U32(1).Byte(0x64).Signed(type); // select (ref type)
        }
    }

    /// <summary>Mostly the index of a function of the type.</summary>
    private void TableIndex(int type, int depth)
    {
        var fitting = Enumerable.Range(0, _shape.TableFunctions.Length).Where(i => _shape.FunctionTypes[_shape.TableFunctions[i]] == type).ToList();
        if (fitting.Count > 0 && _choices.Chance(90))
        {
            Constant(_shape.HasTable64, _choices.Of(fitting));
        }
        else
        {
            TableIndex(depth);
        }
    }

    /// <summary>Mostly the index of an element that was there from the start.</summary>
    private void TableIndex(int depth)
    {
        if (_choices.Chance(94))
        {
            Constant(_shape.HasTable64, _choices.Below(_shape.TableLength));
        }
        else
        {
            Expression(_shape.HasTable64 ? ValType.I64 : ValType.I32, depth + 1);
            if (_choices.Chance(80))
            {
                Constant(_shape.HasTable64, 15);
                _code.Byte((byte)(_shape.HasTable64 ? 0x83 : 0x71));
            }
        }
    }

    /// <summary>A funcref.</summary>
    private void Function(int depth)
    {
        switch (_choices.Below(7))
        {
            case 0:
                TableIndex(depth);
                _code.Byte(0x25).U32(0);
                break;
            case 1:
                Select(ValType.FuncRef, depth);
                break;
            case 2:
                CallExpression(ValType.FuncRef, depth);
                break;
            default:
                Leaf(ValType.FuncRef);
                break;
        }
    }

    private void TableStatement(int depth)
    {
        switch (_isPlain ? 2 + _choices.Below(3) : _choices.Below(6))
        {
            case 0:
                TableIndex(depth);
                Expression(ValType.FuncRef, depth + 1);
                _code.Byte(0x26).U32(0);
                break;
            case 1:
                TableIndex(depth);
                Expression(ValType.FuncRef, depth + 1);
                Constant(_shape.HasTable64, _choices.Below(6));
                _code.Byte(0xFC).U32(17).U32(0);
                break;
            case 2:
                TableIndex(depth);
                TableIndex(depth);
                Constant(_shape.HasTable64, _choices.Below(6));
                _code.Byte(0xFC).U32(14).U32(0).U32(0);
                break;
            case 3:
                TableIndex(depth);
                Constant(false, _choices.Below(3));
                Constant(false, _choices.Below(3));
                _code.Byte(0xFC).U32(12).U32((uint)_choices.Below(_shape.ElementSegments)).U32(0);
                break;
            case 4:
                _code.Byte(0xFC).U32(13).U32((uint)_choices.Below(_shape.ElementSegments));
                break;
            default:
                Expression(ValType.FuncRef, depth + 1);
                Consume(ValType.FuncRef);
                break;
        }
    }

    /// <summary>An i32 that a table's size has a part in, or whether a reference is null.</summary>
    private void TableSize(int depth)
    {
        var table = _shape.IsLegacy ? 0 : _choices.Below(2);
        var element = table == 0 ? ValType.FuncRef : ValType.AnyRef;
        switch (_isPlain ? 0 : _choices.Below(3))
        {
            case 0:
                _code.Byte(0xFC).U32(16).U32((uint)table);
                break;
            case 1:
                Expression(element, depth + 1);
                Constant(_shape.HasTable64, _choices.Below(4));
                _code.Byte(0xFC).U32(15).U32((uint)table);
                break;
            default:
                Expression(element, depth + 1);
                _code.Byte(0xD1);
                return;
        }

        if (_shape.HasTable64)
        {
            _code.Byte(0xA7); // i32.wrap_i64
        }
    }
}
