using HostService.Runtime.Conformance.Scripts;
using HostService.Runtime.Conformance.Values;

namespace HostService.Runtime.Conformance.Running;

internal sealed partial class Session
{
    private Verdict Act(Command command)
    {
        Perform(command);
        return Verdict.Passed;
    }

    private Verdict AssertReturn(Command command)
    {
        var results = Perform(command);
        if (results.Length != command.Expected.Length)
        {
            return Verdict.Failed($"gave {results.Length} results; expected {command.Expected.Length}");
        }

        for (var i = 0; i < results.Length; i++)
        {
            if (!_expectation.Matches(command.Expected[i], results[i]))
            {
                return Verdict.Failed($"result {i} is {Text(results[i])}; expected {command.Expected[i]}");
            }
        }

        return Verdict.Passed;
    }

    private Verdict AssertTrap(Command command)
    {
        var call = Prepare(command);
        return Judgement.Trap(Judgement.Catch(() => call()), command.Text);
    }

    private Verdict AssertException(Command command)
    {
        var call = Prepare(command);
        var thrown = Judgement.Catch(() => call());
        return thrown switch
        {
            null => Verdict.Failed("returned; expected an uncaught exception"),
            _ when Judgement.IsUncaughtException(thrown) => Verdict.Passed,
            _ => Verdict.Failed($"{Describe(thrown)}; expected an uncaught exception"),
        };
    }

    // The engine has no stack switching; what the action does before it ends otherwise is still done.
    private Verdict AssertSuspension(Command command)
    {
        var call = Prepare(command);
        var thrown = Judgement.Catch(() => call());
        return Verdict.Failed($"{(thrown is null ? "returned" : Describe(thrown))}; expected an unhandled suspension, of which this engine has none");
    }

    private Value[] Perform(Command command) => Prepare(command)();

    // What is looked up here, so that a missing function is never taken for the error that an assertion expects.
    private Func<Value[]> Prepare(Command command)
    {
        var action = command.Action ?? throw new FormatException("the command has no action");
        var instance = Find(action.Module);
        if (!action.IsInvoke)
        {
            var global = instance.GetGlobal(action.Field) ?? throw new InvalidOperationException($"no global \"{action.Field}\" is exported");
            return () => [global.Value];
        }

        var function = instance.GetFunction(action.Field) ?? throw new InvalidOperationException($"no function \"{action.Field}\" is exported");
        var arguments = Arguments.Convert(action.Arguments, _objects);
        return () => function.Call(arguments);
    }

    private static string Text(in Value value) => value.Kind switch
    {
        Types.ValueKind.F32 => $"f32 0x{BitConverter.SingleToUInt32Bits(value.F32):x8}",
        Types.ValueKind.F64 => $"f64 0x{BitConverter.DoubleToUInt64Bits(value.F64):x16}",
        Types.ValueKind.I32 => $"i32 0x{value.I32:x8}",
        Types.ValueKind.I64 => $"i64 0x{value.I64:x16}",
        _ => value.ToString(),
    };
}
