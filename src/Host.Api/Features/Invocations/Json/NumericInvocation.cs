using System.Buffers;
using System.Text.Json;
using HostService.Host.Errors;
using HostService.Host.Features.Modules;
using HostService.Host.Storage;
using HostService.Runtime;

namespace HostService.Host.Features.Invocations.Json;

/// <summary>Calls an exported function with numbers: <c>{"args":[…]}</c>.</summary>
internal sealed class NumericInvocation : Invocation<Value[]>
{
    private readonly FunctionShape _function;
    private readonly Value[] _arguments;
    private int _given;

    private NumericInvocation(FunctionShape function, Value[] arguments) => (_function, _arguments) = (function, arguments);

    public override Trigger Trigger => Trigger.Invoke;

    public override string Function => _function.Name;

    /// <summary>Reads a request for a function.</summary>
    /// <exception cref="ProblemException">The body is no such request, or the arguments don't fit.</exception>
    public static NumericInvocation Parse(FunctionShape function, ReadOnlySequence<byte> body)
    {
        if (function.Obstacle is { } obstacle)
        {
            throw new ProblemException(ProblemTypes.BadArguments, obstacle + ".");
        }

        var call = new NumericInvocation(function, function.Parameters.IsEmpty ? [] : new Value[function.Parameters.Length]);
        CallBody.Read(body, call, static (ref reader, call) =>
        {
            if (reader.ValueTextEquals("args"u8))
            {
                call.ReadArguments(ref reader);
            }
        });
        return call._given == call._arguments.Length ? call : throw call.WrongCount();
    }

    public override void CheckAgainst(CompiledModule module)
    {
        if (module.Abi == ModuleAbi.WasiCommand || !module.Functions.TryGetValue(_function.Name, out var function))
        {
            throw new ProblemException(ProblemTypes.FunctionNotFound, $"The module was replaced while the call waited, and exports no function \"{_function.Name}\" any more.");
        }

        if (!function.Parameters.SequenceEqual(_function.Parameters) || !function.Results.SequenceEqual(_function.Results))
        {
            throw new ProblemException(ProblemTypes.BadArguments, $"The module was replaced while the call waited: {function.Takes}.");
        }
    }

    public override Value[] Call(Instance instance)
    {
        Value[] results = _function.Results.IsEmpty ? [] : new Value[_function.Results.Length];
        instance.GetFunction(_function.Name)!.Call(_arguments, results);
        return results;
    }

    private void ReadArguments(ref Utf8JsonReader reader)
    {
        CallBody.BeginArray(ref reader, "args");
        for (_given = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; _given++)
        {
            if (_given < _arguments.Length && JsonNumbers.Read(ref reader, _function.Parameters[_given], out _arguments[_given]) is { } wrong)
            {
                throw new ProblemException(ProblemTypes.BadArguments, $"args[{_given}] {wrong}: {_function.Takes}.");
            }

            // Past the rest of an array or object that is one too many.
            reader.Skip();
        }
    }

    private ProblemException WrongCount() => new(ProblemTypes.BadArguments, $"{_given} arguments were given: {_function.Takes}.");
}
