using System.Globalization;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using HostService.Runtime.Types;

namespace HostService.Runtime.Execution.Calls;

/// <summary>Emits the stubs through which guests call host functions: code with a compiled function's signature that calls a delegate.</summary>
/// <remarks>
/// A stub is static like all compiled code and has no closure, so it finds its delegate by a constant index. It marks what the delegate throws, so
/// that a fault of the host is never taken for a trap of the guest. Stubs are compiled when first called.
/// </remarks>
internal static class HostStubs
{
    private const string StubPrefix = "stub";
    private const BindingFlags Any = BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
    private static readonly MethodInfo s_target = typeof(HostCalls).GetMethod(nameof(HostCalls.Target), Any)!;
    private static readonly MethodInfo s_isHostFault = typeof(HostCalls).GetMethod(nameof(HostCalls.IsHostFault), Any)!;
    private static readonly MethodInfo s_wrap = typeof(HostCalls).GetMethod(nameof(HostCalls.Wrap), Any)!;
    private static readonly MethodInfo s_toFunc = typeof(HostCalls).GetMethod(nameof(HostCalls.ToFunc), Any)!;
    private static readonly MethodInfo s_fromFunc = typeof(HostCalls).GetMethod(nameof(HostCalls.FromFunc), Any)!;
    private static readonly MethodInfo s_invokeUntyped = typeof(HostCalls).GetMethod(nameof(HostCalls.InvokeUntyped), Any)!;
    private static readonly MethodInfo s_push = typeof(HostCalls).GetMethod(nameof(HostCalls.Push), Any)!;
    private static readonly MethodInfo s_pop = typeof(HostCalls).GetMethod(nameof(HostCalls.Pop), Any)!;
    private static readonly MethodInfo s_setResult = typeof(HostCalls).GetMethod(nameof(HostCalls.SetResult), Any)!;
    private static readonly ConstructorInfo s_caller = typeof(Caller).GetConstructor(Any, [typeof(InstanceState)])!;
    private static long s_assemblies;

    // What profiles call the functions of each emitted assembly, in the order of its stubs.
    private static readonly ConditionalWeakTable<System.Reflection.Module, string[]> s_names = [];

    // What the stubs of each emitted assembly need.
    private static readonly ConditionalWeakTable<System.Reflection.Module, object> s_kept = [];

    /// <summary>What profiles call a function that was given no name.</summary>
    public const string Unnamed = "host function";

    /// <summary>Emits one stub for each function.</summary>
    /// <param name="functions">The host functions.</param>
    /// <param name="targets">Their indices in the Engine's <see cref="HostTargetTable"/>.</param>
    /// <param name="names">What profiles call them.</param>
    public static MethodInfo[] Emit(IReadOnlyList<HostFunction> functions, ReadOnlySpan<int> targets, IReadOnlyList<string> names)
    {
        var visible = functions.SelectMany(function => AssembliesOf(function.Target.GetType())).Append(typeof(HostStubs).Assembly).Distinct();
        var attribute = typeof(IgnoresAccessChecksToAttribute).GetConstructor([typeof(string)])!;
        var assembly = AssemblyBuilder.DefineDynamicAssembly(
            // A unique name: assemblies of one name bind to each other without a word.
            new AssemblyName($"HostStubs-{Interlocked.Increment(ref s_assemblies)}"), AssemblyBuilderAccess.RunAndCollect,
            [.. visible.Select(seen => new CustomAttributeBuilder(attribute, [seen.GetName().Name!]))]);
        var type = assembly.DefineDynamicModule("stubs").DefineType("Stubs", TypeAttributes.NotPublic | TypeAttributes.Sealed | TypeAttributes.Abstract);
        for (var i = 0; i < functions.Count; i++)
        {
            Emit(type, functions[i], targets[i], i);
        }

        var created = type.CreateType();
        s_names.Add(created.Module, [.. names]);
        return [.. Enumerable.Range(0, functions.Count).Select(i => created.GetMethod($"{StubPrefix}{i}", Any)!)];
    }

    /// <summary>Keeps an object as long as the code of a stub, and of those emitted together with it, can run.</summary>
    /// <remarks>
    /// That is longer than there are references to the function: a guest that calls the only one has let it go when the call begins, and a tail call leaves nobody who could hold it. The
    /// CLR keeps the emitted assembly for whoever is about to enter its code or runs in it.
    /// </remarks>
    public static void Keep(MethodInfo stub, object kept) => s_kept.Add(stub.Module, kept);

    /// <summary>The name of the host function whose stub a method of a stack trace is; null when it is no stub.</summary>
    public static string? FindName(MethodBase method) =>
        s_names.TryGetValue(method.Module, out var names) ? names[int.Parse(method.Name.AsSpan(StubPrefix.Length), CultureInfo.InvariantCulture)] : null;

    private static IEnumerable<Assembly> AssembliesOf(Type type) =>
        type.IsGenericType ? type.GenericTypeArguments.SelectMany(AssembliesOf).Append(type.Assembly) : [type.Assembly];

    private static void Emit(TypeBuilder type, HostFunction function, int target, int index)
    {
        var returnType = ClrTypes.ReturnTypeOf(function.Type);
        var parameters = ClrTypes.ParametersOf(function.Type);
        var method = type.DefineMethod($"{StubPrefix}{index}", MethodAttributes.Static | MethodAttributes.Assembly, returnType, parameters);
        method.SetImplementationFlags(MethodImplAttributes.IL | MethodImplAttributes.NoInlining);
        var il = method.GetILGenerator();
        var result = returnType == typeof(void) ? null : il.DeclareLocal(returnType);
        var fault = il.DeclareLocal(typeof(Exception));
        var state = (short)function.Type.Parameters.Length;

        // Exception fault = null; try { result = target(…); } catch (Exception e) when (IsHostFault(e)) { fault = Wrap(e); } if (fault != null) throw fault;
        // It is thrown after the catch block, which would keep the stack of what it caught; see GuestEntry.Failure.
        il.BeginExceptionBlock();
        if (function.Target is HostCallback)
        {
            EmitUntyped(il, function, target, state);
        }
        else
        {
            EmitTyped(il, function, target, state);
        }

        if (result is not null)
        {
            il.Emit(OpCodes.Stloc, result);
        }

        il.BeginExceptFilterBlock();
        il.Emit(OpCodes.Call, s_isHostFault);
        il.BeginCatchBlock(null!);
        il.Emit(OpCodes.Call, s_wrap);
        il.Emit(OpCodes.Stloc, fault);
        il.EndExceptionBlock();
        var returns = il.DefineLabel();
        il.Emit(OpCodes.Ldloc, fault);
        il.Emit(OpCodes.Brfalse, returns);
        il.Emit(OpCodes.Ldloc, fault);
        il.Emit(OpCodes.Throw);
        il.MarkLabel(returns);
        if (result is not null)
        {
            il.Emit(OpCodes.Ldloc, result);
        }

        il.Emit(OpCodes.Ret);
    }

    private static void EmitTyped(ILGenerator il, HostFunction function, int target, short state)
    {
        var delegateType = function.Target.GetType();
        var invoke = delegateType.GetMethod("Invoke")!;

        // ((D)Target(state, index)).Invoke([new Caller(state),] arguments…)
        il.Emit(OpCodes.Ldarg, state);
        il.Emit(OpCodes.Ldc_I4, target);
        il.Emit(OpCodes.Call, s_target);
        if (function.Shape.TakesCaller)
        {
            il.Emit(OpCodes.Ldarg, state);
            il.Emit(OpCodes.Newobj, s_caller);
        }

        for (short i = 0; i < function.Shape.Parameters.Length; i++)
        {
            il.Emit(OpCodes.Ldarg, i);
            if (function.Shape.Parameters[i] == typeof(Func))
            {
                il.Emit(OpCodes.Ldarg, state);
                il.Emit(OpCodes.Call, s_toFunc);
            }
        }

        il.Emit(OpCodes.Callvirt, invoke);
        if (typeof(ITuple).IsAssignableFrom(invoke.ReturnType))
        {
            EmitTuple(il, invoke.ReturnType, function, state);
        }
        else if (invoke.ReturnType == typeof(Func))
        {
            il.Emit(OpCodes.Ldarg, state);
            il.Emit(OpCodes.Call, s_fromFunc);
        }
    }

    private static void EmitTuple(ILGenerator il, Type tupleType, HostFunction function, short state)
    {
        var tuple = il.DeclareLocal(tupleType);
        il.Emit(OpCodes.Stloc, tuple);
        for (var i = 1; i < function.Shape.Results.Length; i++)
        {
            // SetResult<T>(state, i - 1, tuple.ItemN);
            il.Emit(OpCodes.Ldarg, state);
            il.Emit(OpCodes.Ldc_I4, i - 1);
            il.Emit(OpCodes.Ldloc, tuple);
            il.Emit(OpCodes.Ldfld, tupleType.GetField($"Item{i + 1}")!);
            il.Emit(OpCodes.Call, s_setResult.MakeGenericMethod(function.Shape.Results[i]));
        }

        il.Emit(OpCodes.Ldloc, tuple);
        il.Emit(OpCodes.Ldfld, tupleType.GetField("Item1")!);
        if (function.Shape.Results[0] == typeof(Func))
        {
            il.Emit(OpCodes.Ldarg, state);
            il.Emit(OpCodes.Call, s_fromFunc);
        }
    }

    private static void EmitUntyped(ILGenerator il, HostFunction function, int target, short state)
    {
        // Push<T>(state, argument) for each; InvokeUntyped(state, index, type of the function); Pop<T>(state) for the first result
        for (short i = 0; i < function.Type.Parameters.Length; i++)
        {
            il.Emit(OpCodes.Ldarg, state);
            il.Emit(OpCodes.Ldarg, i);
            il.Emit(OpCodes.Call, s_push.MakeGenericMethod(ClrTypes.Of(function.Type.Parameters[i])));
        }

        il.Emit(OpCodes.Ldarg, state);
        il.Emit(OpCodes.Ldc_I4, target);
        il.Emit(OpCodes.Call, s_invokeUntyped);
        if (!function.Type.Results.IsEmpty)
        {
            il.Emit(OpCodes.Ldarg, state);
            il.Emit(OpCodes.Call, s_pop.MakeGenericMethod(ClrTypes.Of(function.Type.Results[0])));
        }
    }
}
