using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.Intrinsics;
using HostService.Runtime.Types;

namespace HostService.Runtime.Execution.Calls;

/// <summary>Makes the one <see cref="EntryTrampoline"/> of a signature.</summary>
/// <remarks>A <see cref="DynamicMethod"/> belongs to no assembly and goes when its delegate goes, which is when the signature's id does.</remarks>
internal static class EntryTrampolines
{
    private const BindingFlags Internal = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;
    private static readonly FieldInfo s_ref = typeof(Value).GetField(nameof(Value.Ref), Internal)!;
    private static readonly FieldInfo s_low = typeof(Value).GetField(nameof(Value.Low), Internal)!;
    private static readonly FieldInfo s_high = typeof(Value).GetField(nameof(Value.High), Internal)!;
    private static readonly FieldInfo s_kind = typeof(Value).GetField(nameof(Value.KindTag), Internal)!;
    private static readonly MethodInfo s_toVector = typeof(EntryTrampolines).GetMethod(nameof(ToVector), BindingFlags.Static | BindingFlags.NonPublic)!;
    private static readonly MethodInfo s_fromVector = typeof(EntryTrampolines).GetMethod(nameof(FromVector), BindingFlags.Static | BindingFlags.NonPublic)!;
    private static readonly MethodInfo s_moreResults = typeof(EntryTrampolines).GetMethod(nameof(MoreResults), BindingFlags.Static | BindingFlags.NonPublic)!;
    private static readonly MethodInfo s_valueAt = typeof(EntryTrampolines).GetMethod(nameof(ValueAt), BindingFlags.Static | BindingFlags.NonPublic)!;

    /// <summary>Emits the trampoline of one function type.</summary>
    public static EntryTrampoline Create(FuncType type)
    {
        var method = new DynamicMethod(
            "enter" + type, typeof(void), [typeof(nint), typeof(InstanceState), typeof(Value).MakeByRefType(), typeof(Value).MakeByRefType()],
            typeof(EntryTrampolines).Module, skipVisibility: true);
        var il = method.GetILGenerator();
        var returned = type.Results.IsEmpty ? null : il.DeclareLocal(ClrTypes.Of(type.Results[0]));

        // result = code(arguments[0], …, state);
        for (var i = 0; i < type.Parameters.Length; i++)
        {
            EmitLoad(il, type.Parameters[i], i);
        }

        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldarg_0);
        il.EmitCalli(OpCodes.Calli, CallingConventions.Standard, ClrTypes.ReturnTypeOf(type), ClrTypes.ParametersOf(type), null);
        if (returned is not null)
        {
            il.Emit(OpCodes.Stloc, returned);
            EmitStoreFirst(il, type.Results[0], returned);
        }

        // MoreResults(state, ref results, count);
        if (type.Results.Length > 1)
        {
            il.Emit(OpCodes.Ldarg_1);
            il.Emit(OpCodes.Ldarg_3);
            il.Emit(OpCodes.Ldc_I4, type.Results.Length - 1);
            il.Emit(OpCodes.Call, s_moreResults);
            for (var i = 1; i < type.Results.Length; i++)
            {
                EmitKind(il, type.Results[i], i);
            }
        }

        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<EntryTrampoline>();
    }

    private static void EmitLoad(ILGenerator il, ValueType type, int index)
    {
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Ldc_I4, index);
        il.Emit(OpCodes.Call, s_valueAt);
        switch (type.Kind)
        {
            case ValueKind.I32:
                il.Emit(OpCodes.Ldfld, s_low);
                il.Emit(OpCodes.Conv_I4);
                break;
            case ValueKind.I64:
                il.Emit(OpCodes.Ldfld, s_low);
                break;
            case ValueKind.F32:
                il.Emit(OpCodes.Ldflda, s_low);
                il.Emit(OpCodes.Ldind_R4);
                break;
            case ValueKind.F64:
                il.Emit(OpCodes.Ldflda, s_low);
                il.Emit(OpCodes.Ldind_R8);
                break;
            case ValueKind.V128:
                il.Emit(OpCodes.Call, s_toVector);
                break;
            default:
                il.Emit(OpCodes.Ldfld, s_ref);
                break;
        }
    }

    private static void EmitStoreFirst(ILGenerator il, ValueType type, LocalBuilder returned)
    {
        EmitKind(il, type, 0);
        il.Emit(OpCodes.Ldarg_3);
        switch (type.Kind)
        {
            case ValueKind.I32:
                il.Emit(OpCodes.Ldloc, returned);
                il.Emit(OpCodes.Conv_U8);
                il.Emit(OpCodes.Stfld, s_low);
                break;
            case ValueKind.I64:
                il.Emit(OpCodes.Ldloc, returned);
                il.Emit(OpCodes.Stfld, s_low);
                break;
            case ValueKind.F32:
                // The upper half of Low stays zero: the caller cleared the results.
                il.Emit(OpCodes.Ldflda, s_low);
                il.Emit(OpCodes.Ldloc, returned);
                il.Emit(OpCodes.Stind_R4);
                break;
            case ValueKind.F64:
                il.Emit(OpCodes.Ldflda, s_low);
                il.Emit(OpCodes.Ldloc, returned);
                il.Emit(OpCodes.Stind_R8);
                break;
            case ValueKind.V128:
                il.Emit(OpCodes.Ldloc, returned);
                il.Emit(OpCodes.Call, s_fromVector);
                break;
            default:
                il.Emit(OpCodes.Ldloc, returned);
                il.Emit(OpCodes.Stfld, s_ref);
                break;
        }
    }

    private static void EmitKind(ILGenerator il, ValueType type, int index)
    {
        il.Emit(OpCodes.Ldarg_3);
        il.Emit(OpCodes.Ldc_I4, index);
        il.Emit(OpCodes.Call, s_valueAt);
        il.Emit(OpCodes.Ldc_I4, (int)type.Kind);
        il.Emit(OpCodes.Stfld, s_kind);
    }

    private static ref Value ValueAt(ref Value first, int index) => ref System.Runtime.CompilerServices.Unsafe.Add(ref first, index);

    private static Vector128<byte> ToVector(ref Value value) => Vector128.Create(value.Low, value.High).AsByte();

    private static void FromVector(ref Value value, Vector128<byte> vector) =>
        (value.Low, value.High) = (vector.AsUInt64().GetElement(0), vector.AsUInt64().GetElement(1));

    private static void MoreResults(InstanceState state, ref Value results, int count)
    {
        var slots = state.Store.Results;
        for (var i = 0; i < count; i++)
        {
            ref var slot = ref slots[i];
            ref var value = ref ValueAt(ref results, i + 1);
            (value.Low, value.High, value.Ref) = (slot.Low, slot.High, slot.Ref);
            slot.Ref = null;
        }
    }
}
