using System.Collections.Immutable;
using HostService.Host.Features.Modules;
using HostService.Runtime;
using HostService.Runtime.Wasi.Preview1;

namespace HostService.Host.Features.Invocations.Cgi;

/// <summary>Runs a WASI command as a CGI program: the request goes in, the response comes out while the program runs.</summary>
internal sealed class CgiInvocation(HttpContext http, InvokedModule module, string pathInfo, ExecutionLimits limits, ILogger logger) : Invocation<int>, IDisposable
{
    private static readonly ImmutableArray<WasiPreopen> s_root = [WasiPreopen.Virtual("/")];

    private readonly OutputBudget _budget = new(limits.MaxOutputBytes);
    private CgiOutput? _output;
    private GuestLog? _log;

    public override Trigger Trigger => Trigger.Http;

    public override string Function => CompiledModule.Start;

    /// <summary>Whether the guest has completed its headers, so that the response has begun.</summary>
    public bool HeadersDone => _output?.HeadersDone ?? false;

    public override WasiOptions World(CompiledModule compiled, CancellationToken cancellationToken) => new()
    {
        Arguments = [module.Name],
        Environment = CgiEnvironment.Of(http, $"/f/{module.Tenant}/{module.Name}", pathInfo),
        StandardInput = new CgiInput(http, limits.MaxRequestBytes, cancellationToken),
        StandardOutput = _output = new CgiOutput(http, _budget, cancellationToken),
        StandardError = _log = new GuestLog(logger, _budget, limits.MaxLogBytes),
        Preopens = s_root,
        Cancellation = cancellationToken,
    };

    // Streams without anything to release; the guest's end is theirs.
    public void Dispose()
    {
        _output?.Dispose();
        _log?.Dispose();
    }

    public override void CheckAgainst(CompiledModule module) => Command.Check(module);

    public override int Call(Instance instance)
    {
        try
        {
            var exitCode = Command.Run(instance);
            if (exitCode == 0)
            {
                _output?.Finish();
            }

            return exitCode;
        }
        finally
        {
            _log?.Finish();
        }
    }
}
