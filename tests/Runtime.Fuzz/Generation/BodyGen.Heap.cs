namespace HostService.Runtime.Fuzz.Generation;

/// <content>References to structures, arrays and small integers, to what the host sees of them, and the ways between their types.</content>
internal sealed partial class BodyGen
{
    private const byte Gc = 0xFB;

    /// <summary>A type of references.</summary>
    private ValType HeapType() => _choices.Below(8) switch
    {
        0 => ValType.AnyRef,
        1 => ValType.EqRef,
        2 => ValType.I31Ref,
        3 => ValType.ExternRef,
        _ => _choices.Of(_shape.Heap).Reference,
    };

    private HeapShape ShapeOf(ValType type) => _shape.Heap.First(shape => shape.Reference == type);

    private void HeapExpression(ValType type, int depth)
    {
        switch (_choices.Below(22))
        {
            case >= 20:
                CallExpression(type, depth);
                break;
            case < 9:
                Make(type, depth);
                break;
            case < 13:
                Leaf(type);
                break;
            case 13:
                Select(type, depth);
                break;
            case 14:
                BlockExpression(type, depth);
                break;
            case 15 when type != ValType.ExternRef && _choices.Chance(30):
                // ref.cast null: traps when it is something else
                Expression(ValType.AnyRef, depth + 1);
                _code.Byte(Gc).U32(23).Heap(type);
                break;
            case 15 or 16 when type != ValType.ExternRef:
                BranchOnCast(type, depth);
                break;
            case 17:
                BranchOnNonNull(type, depth);
                break;
            case 18 when FieldOf(type) is var (shape, field) && shape is not null:
                GetField(shape, field, depth);
                break;
            case 19 when type == ValType.AnyRef:
                TableIndex(depth);
                _code.Byte(0x25).U32(1);
                break;
            default:
                Make(type, depth);
                break;
        }
    }

    /// <summary>A new reference of the type or a subtype of it.</summary>
    private void Make(ValType type, int depth)
    {
        switch (type)
        {
            case ValType.ExternRef:
                Expression(ValType.AnyRef, depth + 1);
                _code.Byte(Gc).U32(27); // extern.convert_any
                break;
            case ValType.AnyRef when _choices.Chance(20):
                Expression(ValType.ExternRef, depth + 1);
                _code.Byte(Gc).U32(26); // any.convert_extern
                break;
            case ValType.I31Ref:
            case ValType.AnyRef or ValType.EqRef when _choices.Chance(40):
                Expression(ValType.I32, depth + 1);
                _code.Byte(Gc).U32(28); // ref.i31
                break;
            case ValType.AnyRef or ValType.EqRef:
                New(_choices.Of(_shape.Heap), depth);
                break;
            default:
                var fitting = _shape.Heap.Where(shape => IsSubtype(shape, type.TypeIndex()!.Value)).ToList();
                New(_choices.Of(fitting), depth);
                break;
        }
    }

    private bool IsSubtype(HeapShape shape, int of) =>
        shape.Index == of || (shape.Super is { } super && IsSubtype(_shape.Heap.First(known => known.Index == super), of));

    private void New(HeapShape shape, int depth)
    {
        var (index, field) = ((uint)shape.Index, shape.Fields.Length > 0 ? shape.Fields[0] : null);
        if (!shape.IsArray)
        {
            if (_choices.Chance(25))
            {
                _code.Byte(Gc).U32(1).U32(index); // struct.new_default
                return;
            }

            Expressions([.. shape.Fields.Select(known => known.Type)], depth);
            _code.Byte(Gc).U32(0).U32(index);
            return;
        }

        switch (_choices.Below(5))
        {
            case 0:
                Length(depth);
                _code.Byte(Gc).U32(7).U32(index); // array.new_default
                break;
            case 1:
                Expression(field!.Type, depth + 1);
                Length(depth);
                _code.Byte(Gc).U32(6).U32(index);
                break;
            case 2 when field!.Type == ValType.FuncRef || !field.Type.IsReference():
                // array.new_elem, array.new_data
                Constant(false, _choices.Below(4));
                Constant(false, _choices.Below(3));
                _code.Byte(Gc).U32(field.Type == ValType.FuncRef ? 10u : 9u).U32(index)
                    .U32((uint)_choices.Below(field.Type == ValType.FuncRef ? _shape.ElementSegments : _shape.DataSegments));
                break;
            default:
                var count = _choices.Below(5);
                Expressions([.. Enumerable.Repeat(field!.Type, count)], depth);
                _code.Byte(Gc).U32(8).U32(index).U32((uint)count); // array.new_fixed
                break;
        }
    }

    // How many elements, or which: few arrays have more than eight.
    private void Length(int depth)
    {
        if (_choices.Chance(60))
        {
            Constant(false, _choices.Below(9));
        }
        else
        {
            Expression(ValType.I32, depth + 1);
            if (_choices.Chance(97))
            {
                _code.Byte(0x41).Signed(7).Byte(0x71);
            }
        }
    }

    // block (result target) any; br_on_cast 0 any target; drop; another end
    private void BranchOnCast(ValType type, int depth)
    {
        // Without null among what the cast takes, null falls through; from a non-nullable reference, none arrives.
        var flags = (byte)(1 + (2 * _choices.Below(2)));
        var fails = _choices.Chance(40);
        _code.Byte(0x02).Type(fails ? ValType.AnyRef : type);
        _labels.Add(new Label([fails ? ValType.AnyRef : type], IsLoop: false));
        Expression(ValType.AnyRef, depth + 1);
        _code.Byte(Gc).U32(fails ? 25u : 24u).Byte(flags).U32(0).Heap(ValType.AnyRef).Heap(type);
        if (fails)
        {
            // What is left is a reference of the type: it is kept if there is room. The label takes the others.
            Consume(type);
            Expression(ValType.AnyRef, depth + 1);
            End();
            Consume(ValType.AnyRef);
            Expression(type, depth + 1);
        }
        else
        {
            Consume(ValType.AnyRef);
            Expression(type, depth + 1);
            End();
        }
    }

    // block (result type) reference; br_on_non_null 0; another end
    private void BranchOnNonNull(ValType type, int depth)
    {
        if (_choices.Chance(30))
        {
            // block reference; br_on_null 0; keep end
            _code.Byte(0x02).Byte(Empty);
            _labels.Add(new Label([], IsLoop: false));
            Expression(type, depth + 1);
            _code.Byte(0xD5).U32(0);
            Consume(type);
            End();
            Make(type, depth);
        }
        else
        {
            _code.Byte(0x02).Type(type);
            _labels.Add(new Label([type], IsLoop: false));
            Expression(type, depth + 1);
            _code.Byte(0xD6).U32(0);
            Make(type, depth);
            End();
        }

        if (_choices.Chance(20))
        {
            _code.Byte(0xD4); // ref.as_non_null
        }
    }

    /// <summary>A field that gives a value of the type.</summary>
    private (HeapShape? Shape, int Field) FieldOf(ValType type)
    {
        var fitting = (
            from shape in _shape.Heap
            from field in Enumerable.Range(0, shape.Fields.Length)
            where shape.Fields[field].Type == type
            select (shape, field)).ToList();
        return fitting.Count == 0 ? (null, 0) : _choices.Of(fitting);
    }

    // struct.get, array.get, and those that extend
    private void GetField(HeapShape shape, int field, int depth)
    {
        Object(shape, depth);
        var packed = shape.Fields[field].PackedBits == 0 ? 0 : 1 + _choices.Below(2);
        if (shape.IsArray)
        {
            Length(depth);
            _code.Byte(Gc).U32((uint)(11 + packed)).U32((uint)shape.Index);
        }
        else
        {
            _code.Byte(Gc).U32((uint)(2 + packed)).U32((uint)shape.Index).U32((uint)field);
        }
    }

    // Mostly not null.
    private void Object(HeapShape shape, int depth)
    {
        if (_choices.Chance(60))
        {
            Make(shape.Reference, depth);
        }
        else if (LocalOf(shape.Reference) is { } local)
        {
            // if (local is null) local = new
            _code.Byte(0x20).U32((uint)local).Byte(0xD1).Byte(0x04).Byte(Empty);
            _labels.Add(new Label([], IsLoop: false));
            Make(shape.Reference, depth);
            _code.Byte(0x21).U32((uint)local);
            End();
            _code.Byte(0x20).U32((uint)local);
        }
        else
        {
            Expression(shape.Reference, depth + 1);
        }
    }

    private void NumberOfHeap(ValType type, int depth)
    {
        if (type != ValType.I32 || _choices.Chance(40))
        {
            if (FieldOf(type) is var (shape, field) && shape is not null)
            {
                GetField(shape, field, depth);
            }
            else
            {
                Leaf(type);
            }

            return;
        }

        switch (_choices.Below(5))
        {
            case 0:
                // ref.test, ref.test null
                Expression(ValType.AnyRef, depth + 1);
                var tested = _choices.Below(4) switch { 0 => ValType.EqRef, 1 => ValType.I31Ref, _ => _choices.Of(_shape.Heap).Reference };
                _code.Byte(Gc).U32((uint)(20 + _choices.Below(2))).Heap(tested);
                break;
            case 1:
                Expression(ValType.EqRef, depth + 1);
                Expression(ValType.EqRef, depth + 1);
                _code.Byte(0xD3);
                break;
            case 2:
                Expression(ValType.I31Ref, depth + 1);
                _code.Byte(0xD4).Byte(Gc).U32((uint)(29 + _choices.Below(2)));
                break;
            case 3:
                Object(_choices.Of(_shape.Heap.Where(known => known.IsArray).ToList()), depth);
                _code.Byte(Gc).U32(15); // array.len
                break;
            default:
                Expression(HeapType(), depth + 1);
                _code.Byte(0xD1);
                break;
        }
    }

    private void HeapStatement(int depth)
    {
        var mutable = _shape.Heap.Where(shape => shape.Fields.Any(field => field.IsMutable)).ToList();
        switch (_choices.Below(6))
        {
            case 0:
                // table.set, table.fill, table.copy on the table of anyrefs
                AnyTable(depth);
                break;
            case 1:
                // ref.cast: traps on null too
                Expression(ValType.AnyRef, depth + 1);
                Make(ValType.AnyRef, depth);
                Expression(ValType.I32, depth + 1);
                _code.Byte(0x1C).U32(1).Type(ValType.AnyRef);
                Consume(ValType.AnyRef);
                var cast = _choices.Of(_shape.Heap).Reference;
                Make(cast, depth);
                _code.Byte(Gc).U32(22).Heap(cast);
                Consume(cast);
                break;
            case 2:
                var type = HeapType();
                Expression(type, depth + 1);
                Consume(type);
                break;
            case 3 or 4 when mutable.Count > 0:
                Change(_choices.Of(mutable), depth);
                break;
            default:
                ChangeMany(_choices.Of(_shape.Heap.Where(known => known.IsArray).ToList()), depth);
                break;
        }
    }

    private void Change(HeapShape shape, int depth)
    {
        var field = _choices.Of(Enumerable.Range(0, shape.Fields.Length).Where(i => shape.Fields[i].IsMutable).ToList());
        Object(shape, depth);
        if (shape.IsArray)
        {
            Length(depth);
            Expression(shape.Fields[0].Type, depth + 1);
            _code.Byte(Gc).U32(14).U32((uint)shape.Index);
        }
        else
        {
            Expression(shape.Fields[field].Type, depth + 1);
            _code.Byte(Gc).U32(5).U32((uint)shape.Index).U32((uint)field);
        }
    }

    private void ChangeMany(HeapShape array, int depth)
    {
        var (index, element) = ((uint)array.Index, array.Fields[0]);
        Object(array, depth);
        Constant(false, _choices.Below(3));
        switch (_choices.Below(3))
        {
            case 0:
                // array.fill
                Expression(element.Type, depth + 1);
                Constant(false, _choices.Below(4));
                _code.Byte(Gc).U32(16).U32(index);
                break;
            case 1 when element.Type == ValType.FuncRef || !element.Type.IsReference():
                // array.init_elem, array.init_data
                Constant(false, _choices.Below(4));
                Constant(false, _choices.Below(3));
                _code.Byte(Gc).U32(element.Type == ValType.FuncRef ? 19u : 18u).U32(index)
                    .U32((uint)_choices.Below(element.Type == ValType.FuncRef ? _shape.ElementSegments : _shape.DataSegments));
                break;
            default:
                var source = _choices.Of(_shape.Heap.Where(known => known.IsArray && known.Fields[0] == element).ToList());
                Object(source, depth);
                _code.Byte(0xD4); // ref.as_non_null: engines differ in whether they look at the bounds of the target first
                Constant(false, _choices.Below(3));
                Constant(false, _choices.Below(4));
                _code.Byte(Gc).U32(17).U32(index).U32((uint)source.Index); // array.copy
                break;
        }
    }

    private void AnyTable(int depth)
    {
        TableIndex(depth);
        switch (_choices.Below(3))
        {
            case 0:
                Expression(ValType.AnyRef, depth + 1);
                _code.Byte(0x26).U32(1);
                break;
            case 1:
                Expression(ValType.AnyRef, depth + 1);
                Constant(_shape.HasTable64, _choices.Below(6));
                _code.Byte(0xFC).U32(17).U32(1);
                break;
            default:
                TableIndex(depth);
                Constant(_shape.HasTable64, _choices.Below(6));
                _code.Byte(0xFC).U32(14).U32(1).U32(1);
                break;
        }
    }
}
