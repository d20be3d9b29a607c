using System.Globalization;
using HostService.Runtime.Errors;
using HostService.Runtime.Types;

namespace HostService.Runtime.Benchmarks.Peers.HostService;

internal sealed class HostServiceInstance(Store store, Instance instance) : IPeerInstance
{
    public Func<ulong> Bind(string export, string argument)
    {
        var function = instance.GetFunction(export) ?? throw new PeerException($"the module exports no function \"{export}\"");
        var type = function.Type;
        if (type.Parameters.Length > 1)
            throw new PeerException($"\"{export}\" takes {type.Parameters.Length} parameters; at most one is supported");
        Value[] arguments = type.Parameters.Length == 0 ? [] : [Parse(type.Parameters[0].Kind, argument)];
        var results = new Value[type.Results.Length];
        return () =>
        {
            function.Call(arguments, results);
            return results.Length == 0 ? 0 : Bits(results[0]);
        };
    }

    public int CallTyped(int calls)
    {
        var add = instance.GetFunction<int, int, int>("add");
        var sum = 0;
        for (var i = 0; i < calls; i++)
            sum = add(sum, i);
        return sum;
    }

    public int CallUntyped(int calls)
    {
        var add = instance.GetFunction("add")!;
        var arguments = new Value[2];
        var results = new Value[1];
        var sum = 0;
        for (var i = 0; i < calls; i++)
        {
            arguments[0] = sum;
            arguments[1] = i;
            add.Call(arguments, results);
            sum = results[0].I32;
        }

        return sum;
    }

    public int CatchTraps(int calls)
    {
        var fail = instance.GetAction("fail");
        var trapped = 0;
        for (var i = 0; i < calls; i++)
        {
            try
            {
                fail();
            }
            catch (TrapException)
            {
                trapped++;
            }
        }

        return trapped;
    }

    public void Dispose() => store.Dispose();

    private static Value Parse(ValueKind kind, string text) => kind switch
    {
        ValueKind.I32 => Value.FromI32(int.Parse(text, CultureInfo.InvariantCulture)),
        ValueKind.I64 => Value.FromI64(long.Parse(text, CultureInfo.InvariantCulture)),
        ValueKind.F32 => Value.FromF32(float.Parse(text, CultureInfo.InvariantCulture)),
        ValueKind.F64 => Value.FromF64(double.Parse(text, CultureInfo.InvariantCulture)),
        _ => throw new PeerException("the parameter is no number"),
    };

    private static ulong Bits(Value value) => value.Kind switch
    {
        ValueKind.I32 => (uint)value.I32,
        ValueKind.I64 => (ulong)value.I64,
        ValueKind.F32 => BitConverter.SingleToUInt32Bits(value.F32),
        ValueKind.F64 => BitConverter.DoubleToUInt64Bits(value.F64),
        _ => 0,
    };
}
