using System.Runtime.CompilerServices;

namespace HostService.Runtime.Interpretation;

/// <content>The operand stack.</content>
internal sealed partial class FunctionTranslator
{
    // Among how many operands a read of a local is looked for that is about to change.
    private const int MaxReadsPassed = 32;

    private Operand[] _operands = new Operand[64];
    private int[] _reads = new int[64];     // by local, how many operands wait for it to be read
    private int _height;
    private int _maxHeight;
    private int _settled;                   // operands below this height are in their slots
    private int _defined;                   // the last step if it made an operand that nothing has used; else −1
    private int _definedHeight;             // that operand's height

    private enum Place : byte
    {
        /// <summary>In the slot of its height.</summary>
        Slot,

        /// <summary>In a local that was read and not changed since.</summary>
        Local,

        /// <summary>Nowhere yet.</summary>
        Constant,
    }

    private void BeginOperands()
    {
        (_height, _maxHeight, _settled, _defined) = (0, 0, 0, -1);
        if (_reads.Length < Locals)
        {
            _reads = new int[Math.Max(Locals, _reads.Length * 2)];
        }

        // A function that was given up leaves reads behind.
        Array.Clear(_reads, 0, Locals);
    }

    [MethodImpl(Hot)]
    private void Push(Place place, ulong value)
    {
        if (_height == _operands.Length)
        {
            Array.Resize(ref _operands, _height * 2);
        }

        _operands[_height++] = new Operand(place, value);
        if (_height > _maxHeight)
        {
            _maxHeight = _height;
            _isUnsupported |= Locals + _height > MaxSlots;
        }
    }

    [MethodImpl(Hot)]
    private void PushConstant(ulong bits) => Push(Place.Constant, bits);

    [MethodImpl(Hot)]
    private void PushLocal(int local)
    {
        _reads[local]++;
        Push(Place.Local, (ulong)local);
    }

    /// <summary>Pushes what the last step made, in the slot of its height.</summary>
    [MethodImpl(Hot)]
    private void PushDefined()
    {
        Push(Place.Slot, 0);
        (_defined, _definedHeight) = (_count - 1, _height - 1);
    }

    [MethodImpl(Hot)]
    private void PushSlots(int count)
    {
        for (; count > 0; count--)
        {
            Push(Place.Slot, 0);
        }

        _defined = -1;
    }

    [MethodImpl(Hot)]
    private Operand Pop()
    {
        var operand = _operands[--_height];
        _settled = Math.Min(_settled, _height);
        if (operand.Place == Place.Local)
        {
            _reads[(int)operand.Value]--;
        }

        return operand;
    }

    /// <summary>Pops an operand and says in which slot it is.</summary>
    [MethodImpl(Hot)]
    private int PopSlot()
    {
        var operand = Pop();
        return operand.Place switch
        {
            Place.Slot => Locals + _height,
            Place.Local => (int)operand.Value,
            _ => Write(_height, operand),
        };
    }

    /// <summary>Pops an operand that is a constant.</summary>
    [MethodImpl(Hot)]
    private bool TryPopConstant(out ulong value)
    {
        value = _operands[_height - 1].Value;
        if (_operands[_height - 1].Place != Place.Constant)
        {
            return false;
        }

        Pop();
        return true;
    }

    /// <summary>Puts the topmost operands into the slots of their heights.</summary>
    [MethodImpl(Hot)]
    private void Settle(int count)
    {
        for (var i = Math.Max(_height - count, _settled); i < _height; i++)
        {
            SettleAt(i);
        }
    }

    [MethodImpl(Hot)]
    private void SettleAll()
    {
        Settle(_height);
        _settled = _height;
    }

    [MethodImpl(Hot)]
    private void SettleAt(int height)
    {
        var operand = _operands[height];
        if (operand.Place == Place.Slot)
        {
            return;
        }

        if (operand.Place == Place.Local)
        {
            _reads[(int)operand.Value]--;
        }

        Write(height, operand);
        _operands[height] = new Operand(Place.Slot, 0);
    }

    [MethodImpl(Hot)]
    private int Write(int height, Operand operand)
    {
        var slot = Locals + height;
        if (operand.Place == Place.Constant)
        {
            Emit(Operation.Constant, slot, 0, 0, operand.Value);
        }
        else
        {
            Emit(Operation.Copy, slot, (int)operand.Value, 0, 0);
        }

        return slot;
    }

    [MethodImpl(Hot)]
    private void SetLocal(int local)
    {
        var value = Pop();
        var isDefined = value.Place == Place.Slot && IsDefinedByLast(_height);

        // From the top, where they are. If one waits further down everything is settled, so that this takes no longer in all than the function is long.
        var last = _height - MaxReadsPassed;
        for (var i = _height - 1; _reads[local] > 0; i--)
        {
            if (i < last)
            {
                SettleAll();
                isDefined = false;
                break;
            }

            if (_operands[i].Place == Place.Local && _operands[i].Value == (ulong)local)
            {
                SettleAt(i);
                isDefined = false;
            }
        }

        if (isDefined)
        {
            _steps[_count - 1].A = (ushort)local;
        }
        else if (value.Place == Place.Constant)
        {
            Emit(Operation.Constant, local, 0, 0, value.Value);
        }
        else if (value.Place == Place.Slot || value.Value != (ulong)local)
        {
            Emit(Operation.Copy, local, value.Place == Place.Slot ? Locals + _height : (int)value.Value, 0, 0);
        }

        _defined = -1;
    }

    private readonly record struct Operand(Place Place, ulong Value);
}
