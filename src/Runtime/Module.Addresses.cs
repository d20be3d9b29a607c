using System.Globalization;
using HostService.Runtime.Errors;
using HostService.Runtime.Execution;
using HostService.Runtime.Execution.Code;
using HostService.Runtime.Syntax;

namespace HostService.Runtime;

/// <content>What a module knows of its code addresses: the second step of every look-up that starts in a Store's <see cref="ModuleRegistry"/>.</content>
public sealed partial class Module
{
    /// <summary>The name of a function: from the name section, else its export name, else <c>func[12]</c>.</summary>
    /// <param name="functionIndex">Its index, imported functions included.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such function.</exception>
    public string FunctionName(int functionIndex)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(functionIndex);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(functionIndex, FunctionCount);
        if (_names.Function(new FuncIndex(functionIndex)) is { Length: > 0 } name)
        {
            return name;
        }

        foreach (var export in Syntax.Exports)
        {
            if (export.Kind == Types.ExternKind.Func && export.Index == functionIndex)
            {
                return export.Name;
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"func[{functionIndex}]");
    }

    /// <summary>The function and instruction at an address, or null when the address is between functions.</summary>
    internal CodeFrame? FrameAt(ulong address)
    {
        var offset = OffsetOf(address);
        return BodyAt(offset) is { } body
            ? new CodeFrame(this, body + Syntax.ImportedFunctionCount, FunctionName(body + Syntax.ImportedFunctionCount), offset)
            : null;
    }

    /// <summary>The canonical type of the function at an address, or null.</summary>
    internal int? SignatureAt(ulong address) => BodyAt(OffsetOf(address)) is { } body
        ? TypeIds[Syntax.FunctionTypes[body + Syntax.ImportedFunctionCount]]
        : null;

    /// <summary>Why the instruction at an address may trap by a fault of the processor, or null when it can't.</summary>
    internal TrapCode? TrapAt(ulong address)
    {
        var offset = OffsetOf(address);
        if (BodyAt(offset) is not { } index)
        {
            return null;
        }

        var body = Syntax.Bodies[index];
        var reader = new InstructionReader(Syntax.Binary.Span, offset, body.Offset + body.Length, Syntax.Features);
        var instruction = default(Instruction);
        if (!reader.Read(ref instruction))
        {
            return null;
        }

        return instruction.Op switch
        {
            Op.Unreachable => TrapCode.Unreachable,
            Op.I32DivS or Op.I32DivU or Op.I32RemS or Op.I32RemU or Op.I64DivS or Op.I64DivU or Op.I64RemS or Op.I64RemU => TrapCode.IntegerDivideByZero,
            _ => instruction.Info.Lowering.AccessBytes > 0 ? TrapCode.OutOfBoundsMemoryAccess : null,
        };
    }

    private int OffsetOf(ulong address) => (int)(address - CodeRange.Start) + Syntax.CodeSectionOffset;

    // The function, counted without imported ones, whose body an offset lies in.
    private int? BodyAt(int offset)
    {
        var bodies = Syntax.Bodies;
        int low = 0, high = bodies.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (bodies[middle].Offset + bodies[middle].Length > offset)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low < bodies.Length && offset >= bodies[low].Offset ? low : null;
    }
}
