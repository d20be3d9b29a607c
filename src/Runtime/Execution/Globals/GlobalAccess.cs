using HostService.Runtime.Types;

namespace HostService.Runtime.Execution.Globals;

/// <summary>Reads and writes a global through its cell, for the host and for instantiation; emitted code does it inline.</summary>
internal static class GlobalAccess
{
    /// <summary>The value, with references as guests see them.</summary>
    public static Value Read(GlobalCell cell)
    {
        var kind = cell.Type.Type.Kind;
        return kind switch
        {
            ValueKind.Ref => Value.FromRef(cell.Refs[cell.Index].Value),

            // The upper half is whatever an interpreted function left there.
            ValueKind.I32 or ValueKind.F32 => new Value { KindTag = kind, Low = (uint)cell.Numbers[cell.Index] },
            _ => new Value { KindTag = kind, Low = cell.Numbers[cell.Index], High = kind == ValueKind.V128 ? cell.Numbers[cell.Index + 1] : 0 },
        };
    }

    /// <summary>Sets the value; its type was checked.</summary>
    public static void Write(GlobalCell cell, in Value value)
    {
        switch (cell.Type.Type.Kind)
        {
            case ValueKind.Ref:
                cell.Refs[cell.Index].Value = value.Ref;
                break;
            case ValueKind.V128:
                (cell.Numbers[cell.Index], cell.Numbers[cell.Index + 1]) = (value.Low, value.High);
                break;
            default:
                cell.Numbers[cell.Index] = value.Low;
                break;
        }
    }
}
