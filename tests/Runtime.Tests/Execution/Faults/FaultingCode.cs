using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace HostService.Runtime.Tests.Execution.Faults;

/// <summary>Loads and stores without checks, as the compiler emits them: static methods of a collectible assembly.</summary>
internal static unsafe class FaultingCode
{
    private static readonly Type s_emitted = Emit();

    public static readonly delegate*<byte*, ulong, int> LoadByte = (delegate*<byte*, ulong, int>)PointerTo("load_u8");
    public static readonly delegate*<byte*, ulong, long> LoadLong = (delegate*<byte*, ulong, long>)PointerTo("load_i64");
    public static readonly delegate*<byte*, ulong, long, void> StoreLong = (delegate*<byte*, ulong, long, void>)PointerTo("store_i64");

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int LengthOf(string? text) => text!.Length;

    private static nint PointerTo(string name)
    {
        MethodInfo method = s_emitted.GetMethod(name)!;
        return method.MethodHandle.GetFunctionPointer();
    }

    private static Type Emit()
    {
        var assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("faulting-code"), AssemblyBuilderAccess.RunAndCollect);
        TypeBuilder type = assembly.DefineDynamicModule("faulting-code").DefineType("Code", TypeAttributes.Public | TypeAttributes.Abstract | TypeAttributes.Sealed);
        Define(type, "load_u8", typeof(int), [typeof(byte*), typeof(ulong)], OpCodes.Ldind_U1);
        Define(type, "load_i64", typeof(long), [typeof(byte*), typeof(ulong)], OpCodes.Ldind_I8);
        Define(type, "store_i64", typeof(void), [typeof(byte*), typeof(ulong), typeof(long)], OpCodes.Stind_I8);
        return type.CreateType();
    }

    private static void Define(TypeBuilder type, string name, Type result, Type[] parameters, OpCode access)
    {
        MethodBuilder method = type.DefineMethod(name, MethodAttributes.Public | MethodAttributes.Static, result, parameters);
        method.SetImplementationFlags(MethodImplAttributes.NoInlining);
        ILGenerator il = method.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Add);
        if (parameters.Length == 3)
            il.Emit(OpCodes.Ldarg_2);
        il.Emit(access);
        il.Emit(OpCodes.Ret);
    }
}
