using System.Reflection;
using System.Runtime.Intrinsics;
using HostService.Runtime.Types;

namespace HostService.Runtime.Compilation.IL;

/// <summary>A method or field outside the emitted image, with the token that it has in every image.</summary>
internal sealed class Member
{
    private const int MemberRefTable = 0x0A000000;

    /// <summary>Wraps what will be the MemberRef of this row.</summary>
    public Member(MemberInfo info, int row)
    {
        Info = info;
        Token = MemberRefTable | row;
        (Arguments, Result) = info switch
        {
            FieldInfo field => (0, TypeOf(field.FieldType)),
            MethodInfo method => (method.GetParameters().Length + (method.IsStatic ? 0 : 1), TypeOf(method.ReturnType)),
            _ => throw new ArgumentException($"{info} is neither a field nor a method.", nameof(info)),
        };
    }

    /// <summary>The member.</summary>
    public MemberInfo Info { get; }

    /// <summary>Its metadata token in every image.</summary>
    public int Token { get; }

    /// <summary>How many values a call takes from the IL stack.</summary>
    public int Arguments { get; }

    /// <summary>What a call or a read leaves there.</summary>
    public ILType Result { get; }

    /// <summary>What the IL stack has for a CLR type.</summary>
    public static ILType TypeOf(Type type) =>
        type == typeof(void) ? ILType.Void
        : type.IsPointer || type.IsByRef || type == typeof(nint) || type == typeof(nuint) ? ILType.Native
        : type == typeof(long) || type == typeof(ulong) ? ILType.Int64
        : type == typeof(float) ? ILType.Float32
        : type == typeof(double) ? ILType.Float64
        : type == typeof(Vector128<byte>) ? ILType.Vector128
        : type.IsPrimitive || type.IsEnum ? ILType.Int32
        : !type.IsValueType ? ILType.Object
        : throw new ArgumentException($"Emitted code has no use for a {type}.", nameof(type));
}
