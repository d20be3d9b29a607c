using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using HostService.Host.Errors;
using HostService.Host.Features.Modules;
using HostService.Runtime;
using HostService.Runtime.Wasi.Preview1;

namespace HostService.Host.Features.Invocations.Json;

/// <summary>Runs a WASI command: <c>{"args":[…],"stdin":"…","env":{…}}</c>.</summary>
internal sealed class CommandInvocation : Invocation<int>
{
    // What Linux gives a program, two megabytes for all of them, is not much more.
    private const int MaxTexts = 65_536;

    private static readonly ImmutableArray<WasiPreopen> s_root = [WasiPreopen.Virtual("/")];

    private readonly List<string> _arguments;
    private readonly Dictionary<string, string> _environment = [];
    private byte[] _input = [];

    private CommandInvocation(string name, OutputBudget budget, BufferBudget.Share share)
    {
        _arguments = [name];
        (Output, Error) = (new CapturedOutput(budget, share), new CapturedOutput(budget, share));
    }

    public override Trigger Trigger => Trigger.Invoke;

    public override string Function => CompiledModule.Start;

    /// <summary>What the program wrote to standard output.</summary>
    public CapturedOutput Output { get; }

    /// <summary>What the program wrote to standard error.</summary>
    public CapturedOutput Error { get; }

    /// <summary>Reads a request for a command.</summary>
    /// <param name="name">The module's name, which becomes the program's.</param>
    /// <param name="limits">How much it may write.</param>
    /// <param name="output">What it writes is counted against this.</param>
    /// <param name="body">The request's body.</param>
    /// <exception cref="ProblemException">The body is no such request.</exception>
    public static CommandInvocation Parse(string name, ExecutionLimits limits, BufferBudget.Share output, ReadOnlySequence<byte> body)
    {
        var call = new CommandInvocation(name, new OutputBudget(limits.MaxOutputBytes), output);
        CallBody.Read(body, call, static (ref reader, call) => call.ReadMember(ref reader));
        return call;
    }

    public override WasiOptions World(CompiledModule module, CancellationToken cancellationToken) => new()
    {
        Arguments = [.. _arguments],
        Environment = [.. _environment],
        StandardInput = _input.Length == 0 ? Stream.Null : new MemoryStream(_input, writable: false),
        StandardOutput = Output,
        StandardError = Error,
        Preopens = s_root,
        Cancellation = cancellationToken,
    };

    public override void CheckAgainst(CompiledModule module) => Command.Check(module);

    public override int Call(Instance instance) => Command.Run(instance);

    private void ReadMember(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("args"u8))
        {
            _arguments.RemoveRange(1, _arguments.Count - 1);
            CallBody.BeginArray(ref reader, "args");
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                CheckCount();
                _arguments.Add(CallBody.TextWithoutZero(ref reader, $"args[{_arguments.Count - 1}]"));
            }
        }
        else if (reader.ValueTextEquals("stdin"u8))
        {
            reader.Read();
            _input = CallBody.Utf8(ref reader, "\"stdin\"");
        }
        else if (reader.ValueTextEquals("env"u8))
        {
            ReadEnvironment(ref reader);
        }
    }

    private void ReadEnvironment(ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new ProblemException(ProblemTypes.BadArguments, "\"env\" must be an object of strings.");
        }

        _environment.Clear();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            if (name.Length == 0 || name.AsSpan().ContainsAny('=', '\0'))
            {
                throw new ProblemException(ProblemTypes.BadArguments, $"\"env\" has a variable \"{name}\"; names are not empty and contain neither '=' nor U+0000.");
            }

            CheckCount();
            reader.Read();
            _environment[name] = CallBody.TextWithoutZero(ref reader, $"The variable \"{name}\"");
        }
    }

    // Three bytes of the body are another argument, of which the service and the guest keep ten times as much.
    private void CheckCount()
    {
        if (_arguments.Count + _environment.Count > MaxTexts)
        {
            throw new ProblemException(ProblemTypes.BadArguments, $"\"args\" and \"env\" have more than {MaxTexts} texts together.");
        }
    }
}
