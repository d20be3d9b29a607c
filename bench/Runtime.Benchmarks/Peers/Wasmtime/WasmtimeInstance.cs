using System.Globalization;
using System.Text;

namespace HostService.Runtime.Benchmarks.Peers.Wasmtime;

internal sealed unsafe class WasmtimeInstance(nint store, nint context, Handle instance) : IPeerInstance
{
    private readonly Handle _instance = instance;

    public Func<ulong> Bind(string export, string argument)
    {
        var function = Function(export);
        var (parameters, results) = TypeOf(function);
        if (parameters.Length > 1)
            throw new PeerException($"\"{export}\" takes {parameters.Length} parameters; at most one is supported");

        var value = parameters.Length == 0 ? default : Parse(parameters[0], argument);
        var capacity = Math.Max(1, Math.Max(parameters.Length, results.Length));
        var wide = results.Length > 0 && results[0] is ValueKind.I64 or ValueKind.F64;
        return () =>
        {
            var values = stackalloc RawValue[capacity];
            values[0] = value;
            CallUnchecked(function, values, capacity);
            return results.Length == 0 ? 0 : wide ? values[0].Bits : (uint)values[0].Bits;
        };
    }

    public int CallTyped(int calls)
    {
        var function = Function("add");
        var values = stackalloc RawValue[2];
        nint trap = 0;
        var sum = 0;
        for (var i = 0; i < calls; i++)
        {
            values[0].I32 = sum;
            values[1].I32 = i;
            var error = Native.wasmtime_func_call_unchecked(context, &function, values, 2, &trap);
            if ((error | trap) != 0)
                Failure.ThrowIfAny(error, trap);
            sum = values[0].I32;
        }

        return sum;
    }

    public int CallUntyped(int calls)
    {
        var function = Function("add");
        var arguments = stackalloc TaggedValue[2];
        TaggedValue result;
        nint trap = 0;
        var sum = 0;
        for (var i = 0; i < calls; i++)
        {
            arguments[0] = new TaggedValue { Kind = ValueKind.I32, I32 = sum };
            arguments[1] = new TaggedValue { Kind = ValueKind.I32, I32 = i };
            var error = Native.wasmtime_func_call(context, &function, arguments, 2, &result, 1, &trap);
            if ((error | trap) != 0)
                Failure.ThrowIfAny(error, trap);
            sum = result.I32;
        }

        return sum;
    }

    public int CatchTraps(int calls)
    {
        var function = Function("fail");
        RawValue value;
        var trapped = 0;
        for (var i = 0; i < calls; i++)
        {
            nint trap = 0;
            Failure.ThrowIfAny(Native.wasmtime_func_call_unchecked(context, &function, &value, 1, &trap));
            if (trap == 0)
                continue;
            trapped++;
            Native.wasm_trap_delete(trap);
        }

        return trapped;
    }

    public void Dispose() => Native.wasmtime_store_delete(store);

    private void CallUnchecked(Handle function, RawValue* values, int capacity)
    {
        nint trap = 0;
        var error = Native.wasmtime_func_call_unchecked(context, &function, values, (nuint)capacity, &trap);
        Failure.ThrowIfAny(error, trap);
    }

    private Handle Function(string export)
    {
        Extern item;
        var utf8 = Encoding.UTF8.GetBytes(export);
        var self = _instance;
        fixed (byte* name = utf8)
            if (Native.wasmtime_instance_export_get(context, &self, name, (nuint)utf8.Length, &item) == 0 || item.Kind != Extern.FunctionKind)
                throw new PeerException($"the module exports no function \"{export}\"");
        return item.Function;
    }

    private (byte[] Parameters, byte[] Results) TypeOf(Handle function)
    {
        var type = Native.wasmtime_func_type(context, &function);
        var kinds = (Kinds(Native.wasm_functype_params(type)), Kinds(Native.wasm_functype_results(type)));
        Native.wasm_functype_delete(type);
        return kinds;
    }

    private static byte[] Kinds(PointerVector* types)
    {
        var kinds = new byte[types->Length];
        for (var i = 0; i < kinds.Length; i++)
            kinds[i] = Native.wasm_valtype_kind(types->Data[i]);
        return kinds;
    }

    private static RawValue Parse(byte kind, string text) => kind switch
    {
        ValueKind.I32 => new RawValue { I32 = int.Parse(text, CultureInfo.InvariantCulture) },
        ValueKind.I64 => new RawValue { I64 = long.Parse(text, CultureInfo.InvariantCulture) },
        ValueKind.F32 => new RawValue { F32 = float.Parse(text, CultureInfo.InvariantCulture) },
        ValueKind.F64 => new RawValue { F64 = double.Parse(text, CultureInfo.InvariantCulture) },
        _ => throw new PeerException("the parameter is no number"),
    };
}
