using System.Reflection;
using System.Runtime.CompilerServices;
using HostService.Runtime.Interpretation;

namespace HostService.Runtime.Tiering;

/// <summary>Has the CLR compile, in the background, what the first call of an interpreted module runs of this library: it would otherwise be compiled method by method on the guest's thread.</summary>
/// <remarks>Some five hundred methods of a cold process, in 60 ms. Compiling a module that is large enough to be interpreted takes many times as long, and doesn't use all processors all of the time.</remarks>
internal static class FirstCallCode
{
    // Making a Store and an instance, calling, and the host functions that come with this library.
    private static readonly string[] s_folders = ["Interpretation", "Execution", "Wasi.Preview1"];

    // Of the root namespace only what a call passes: the rest is Engine and Module, which are made by now.
    private static readonly Type[] s_api = [typeof(Store), typeof(StoreLimits), typeof(Instance), typeof(InstancePre), typeof(Func), typeof(Memory), typeof(Caller), typeof(Value)];

    // Hundreds of methods, of which the interpreter calls few.
    private const string Instructions = "Execution.Instructions";

    private static int s_isWarm;

    /// <summary>Begins, unless that was done before in this process.</summary>
    public static void Warm()
    {
        if (Interlocked.Exchange(ref s_isWarm, 1) == 0)
        {
            new Thread(Run) { IsBackground = true, Name = "WebAssembly first calls" }.Start();
        }
    }

    private static void Run()
    {
        Interpreter.Warm();
        foreach (var type in typeof(FirstCallCode).Assembly.GetTypes())
        {
            if (!type.ContainsGenericParameters && IsUsed(type))
            {
                Prepare(type);
            }
        }
    }

    private static bool IsUsed(Type type)
    {
        var root = typeof(Store).Namespace + ".";
        return s_api.Contains(type) || type.Namespace != root + Instructions && s_folders.Any(folder => type.Namespace?.StartsWith(root + folder, StringComparison.Ordinal) == true);
    }

    private static void Prepare(Type type)
    {
        const BindingFlags All = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        foreach (var method in type.GetMethods(All).Concat<MethodBase>(type.GetConstructors(All)))
        {
            if (method.IsAbstract || method.ContainsGenericParameters || (method.Attributes & MethodAttributes.PinvokeImpl) != 0)
            {
                continue;
            }

            try
            {
                RuntimeHelpers.PrepareMethod(method.MethodHandle);
            }
            catch (Exception)
            {
                // Code for another processor, or another system: whoever calls it is told.
            }
        }
    }
}
