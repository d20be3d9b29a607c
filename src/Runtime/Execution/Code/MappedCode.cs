using System.Reflection;
using System.Runtime.CompilerServices;

namespace HostService.Runtime.Execution.Code;

/// <summary>A CLR module whose methods are code of a WebAssembly module: all of its functions, or a continuation of one.</summary>
internal abstract class MappedCode
{
    // Which code a CLR method of a stack trace belongs to.
    private static readonly ConditionalWeakTable<System.Reflection.Module, MappedCode> s_codes = [];

    /// <summary>The logical addresses of the code; all codes of a module share them.</summary>
    public abstract CodeRange Range { get; }

    /// <summary>The logical address of an instruction.</summary>
    /// <param name="wasmOffset">Its offset from the start of the binary.</param>
    public abstract ulong AddressOf(int wasmOffset);

    /// <summary>The best known instruction for an IL offset of a function, from the start of the binary; −1 when there is none.</summary>
    public abstract int FindOffset(int function, int ilOffset, AddressSiteKind kind);

    /// <summary>The code and function that a method of a stack trace belongs to.</summary>
    /// <param name="method">The method.</param>
    /// <param name="code">Its code.</param>
    /// <param name="function">The function, counted without the imported ones.</param>
    /// <returns>False when the method is no compiled function.</returns>
    public static bool TryFind(MethodBase method, out MappedCode code, out int function)
    {
        function = -1;
        if (!s_codes.TryGetValue(method.Module, out code!))
        {
            return false;
        }

        function = code.FunctionOfRow(method.MetadataToken & 0xFFFFFF);
        return function >= 0;
    }

    /// <summary>Has <see cref="TryFind"/> find this code.</summary>
    protected void Register(System.Reflection.Module clrModule) => s_codes.Add(clrModule, this);

    /// <summary>The function, counted without the imported ones, that a method belongs to; −1 when it is none's.</summary>
    /// <param name="row">The method's metadata row.</param>
    protected abstract int FunctionOfRow(int row);
}
