using HostService.Runtime.Conformance.Scripts;
using HostService.Runtime.Conformance.Values;
using HostService.Runtime.Types;

namespace HostService.Runtime.Conformance.Running;

/// <summary>What one script, or one thread of a script, has made so far; and the doing of its commands.</summary>
/// <remarks>One file for modules, one for assertions on what they do, and one for threads.</remarks>
internal sealed partial class Session : IDisposable
{
    private readonly Engine _engine;
    private readonly ScriptClock _clock;
    private readonly Store _store;
    private readonly Linker _linker;
    private readonly bool _storesModules;
    private readonly HostObjects _objects = new();
    private readonly Expectation _expectation;
    private readonly List<Module> _modules = [];
    private readonly Dictionary<string, Instance> _instances = [];
    private readonly Dictionary<string, byte[]> _definitions = [];
    private byte[]? _lastDefinition;
    private Instance? _current;

    public Session(Engine engine, ScriptClock clock, bool storesModules)
    {
        _storesModules = storesModules;
        _engine = engine;
        _clock = clock;
        _expectation = new Expectation(engine, _objects);
        _store = new Store(engine, new StoreLimits { MaxMemoryBytes = 16UL << 30, MaxTableElements = 50_000_000, MaxInstances = 100_000 });
        clock.Limit(_store);

        // A script may register one name again and again.
        _linker = new Linker(engine) { AllowShadowing = true };
        Spectest.Define(_linker, _store);
    }

    /// <summary>Does a command. Whatever goes wrong is its verdict, never an exception.</summary>
    public Verdict Run(Command command)
    {
        if (command.Problem is { } problem)
        {
            return Verdict.Failed(problem);
        }

        if (command.File is { IsText: true })
        {
            // What follows must not act on the module before this one.
            Forget(command);
            return Verdict.Skipped;
        }

        try
        {
            return Dispatch(command);
        }
        catch (Exception unexpected)
        {
            return Verdict.Failed(Describe(unexpected));
        }
    }

    public void Dispose()
    {
        JoinThreads();
        _store.Dispose();
        _modules.ForEach(module => module.Dispose());
    }

    private Verdict Dispatch(Command command) => command.Type switch
    {
        "module" => Instantiate(command),
        "module_definition" => Define(command),
        "module_instance" => InstantiateDefinition(command),
        "register" => Register(command),
        "action" => Act(command),
        "assert_return" => AssertReturn(command),
        "assert_trap" => AssertTrap(command),
        "assert_exhaustion" => AssertTrap(command),
        "assert_exception" => AssertException(command),
        "assert_suspension" => AssertSuspension(command),
        "assert_invalid" => ModuleChecks.AssertInvalid(_engine, Load(command)),
        "assert_malformed" => ModuleChecks.AssertMalformed(_engine, Load(command)),
        "assert_invalid_custom" or "assert_malformed_custom" => ModuleChecks.AssertRefused(_engine, Load(command)),
        "assert_unlinkable" => AssertUnlinkable(command),
        "assert_uninstantiable" => AssertUninstantiable(command),
        "thread" => StartThread(command),
        "wait" => Wait(command),
        _ => Verdict.Failed($"\"{command.Type}\" is no command that the runner knows"),
    };

    private static byte[] Load(Command command) => Binary.Load(command.File ?? throw new FormatException("the command names no file"));

    /// <summary>The instance of that name, or the current one.</summary>
    private Instance Find(string? name) => name is null
        ? _current ?? throw new InvalidOperationException("there is no current instance: its module was not instantiated")
        : _instances.GetValueOrDefault(name) ?? throw new InvalidOperationException($"there is no instance \"{name}\"");

    private static string Describe(Exception exception) => exception is Errors.WasmException or NotSupportedException or FormatException or InvalidOperationException
        ? $"{exception.GetType().Name}: {exception.Message}"
        : $"{exception.GetType().Name}: {exception.Message}{Environment.NewLine}{exception.StackTrace}";
}
