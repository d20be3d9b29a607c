using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using HostService.Runtime.Execution.Calls;

namespace HostService.Runtime.Execution.Profiling;

/// <summary>Puts something around the host functions that a profiled Store's guests call: when one ends, its time is counted as its own.</summary>
/// <remarks>
/// The guest's next check would find the host function gone and its caller to blame. A check in every host function's stub would cost every Store a tenth of a call
/// (docs/adr/0094), so a profiled Store has delegates of its own instead.
/// </remarks>
internal static class ProfiledHostFunctions
{
    private static readonly MethodInfo s_returned = typeof(Call).GetMethod(nameof(Call.Returned))!;
    private static readonly FieldInfo s_inner = typeof(Call).GetField(nameof(Call.Inner))!;

    // One method for each type of delegate; the type may belong to a plug-in that can be unloaded.
    private static readonly ConditionalWeakTable<Type, DynamicMethod> s_wrappers = [];

    /// <summary>What a profiled Store calls in place of a target of a <see cref="HostTargetTable"/>.</summary>
    public static object Wrap(object target, Store store) => target is HostFunction function
        ? HostFunction.Create(function.Type, (HostCallback)Wrap((Delegate)function.Target, store))
        : Wrap((Delegate)target, store);

    private static Delegate Wrap(Delegate target, Store store) =>
        s_wrappers.GetValue(target.GetType(), Emit).CreateDelegate(target.GetType(), new Call(target, store));

    // try { result = ((D)call.Inner).Invoke(arguments…); } finally { call.Returned(); } return result;
    private static DynamicMethod Emit(Type delegateType)
    {
        var invoke = delegateType.GetMethod("Invoke")!;
        var parameters = invoke.GetParameters();
        var method = new DynamicMethod(
            "profiled", invoke.ReturnType, [typeof(Call), .. parameters.Select(parameter => parameter.ParameterType)], typeof(ProfiledHostFunctions), skipVisibility: true);
        var il = method.GetILGenerator();
        var result = invoke.ReturnType == typeof(void) ? null : il.DeclareLocal(invoke.ReturnType);
        il.BeginExceptionBlock();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldfld, s_inner);
        il.Emit(OpCodes.Castclass, delegateType);
        for (var i = 1; i <= parameters.Length; i++)
        {
            il.Emit(OpCodes.Ldarg, (short)i);
        }

        il.Emit(OpCodes.Callvirt, invoke);
        if (result is not null)
        {
            il.Emit(OpCodes.Stloc, result);
        }

        il.BeginFinallyBlock();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Call, s_returned);
        il.EndExceptionBlock();
        if (result is not null)
        {
            il.Emit(OpCodes.Ldloc, result);
        }

        il.Emit(OpCodes.Ret);
        return method;
    }

    private sealed class Call(Delegate inner, Store store)
    {
        public readonly Delegate Inner = inner;

        public void Returned()
        {
            if (store.IsSampleRequested)
            {
                store.TakeSample(offset: null);
            }
        }
    }
}
