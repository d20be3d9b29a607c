using HostService.Runtime.Execution;
using HostService.Runtime.Syntax;

namespace HostService.Runtime.Tests.Compilation.Continuations;

/// <summary>Continuations of a guest's functions, made as the engine makes them.</summary>
internal static class GuestContinuations
{
    /// <summary>The address of the continuation of one of an exported function's loops, which are counted in their order in the binary.</summary>
    public static nint Continuation(this Guest guest, string function, int loop)
    {
        var state = guest.State;
        var (syntax, defined) = (state.Module!.Syntax, guest.Instance.GetFunction(function)!.Reference.FunctionIndex - state.Module.Syntax.ImportedFunctionCount);
        var image = state.Module.Continuations.Compile(defined, Loops(syntax, defined)[loop], state.Code!.AssemblyName);
        return image is null ? 0 : state.Code.Load(image).EntryPoint;
    }

    /// <summary>Where the loops of a function are, from the start of the binary.</summary>
    public static List<int> Loops(ModuleSyntax module, int definedFunction)
    {
        var body = module.Bodies[definedFunction];
        var declarations = new WasmReader(module.Binary.Span, body.Offset, body.Offset + body.Length);
        for (var groups = declarations.ReadU32(); groups > 0; groups--)
        {
            declarations.ReadU32();
            declarations.ReadValueType();
        }

        var reader = new InstructionReader(module.Binary.Span, declarations.Position, body.Offset + body.Length, module.Features);
        var instruction = default(Instruction);
        var loops = new List<int>();
        while (reader.Read(ref instruction))
        {
            if (instruction.Op == Op.Loop)
            {
                loops.Add(instruction.Offset);
            }
        }

        return loops;
    }
}
