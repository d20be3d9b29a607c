using HostService.Runtime.Conformance.Scripts;
using HostService.Runtime.Errors;

namespace HostService.Runtime.Conformance.Running;

internal sealed partial class Session
{
    /// <summary>Makes another thread's instance known here by its name, to be registered under any.</summary>
    public void Share(string name, Instance instance) => _instances[name] = instance;

    private Verdict Instantiate(Command command)
    {
        Forget(command);
        Enter(command.Name, Instantiate(Load(command)));
        return Verdict.Passed;
    }

    private Verdict Define(Command command)
    {
        Forget(command);
        var binary = Load(command);
        Module.Validate(_engine, binary);
        _lastDefinition = binary;
        if (command.Name is not null)
        {
            _definitions[command.Name] = binary;
        }

        return Verdict.Passed;
    }

    private Verdict InstantiateDefinition(Command command)
    {
        ForgetInstance(command.Instance);
        var binary = command.Module is null ? _lastDefinition : _definitions.GetValueOrDefault(command.Module);
        Enter(command.Instance, Instantiate(binary ?? throw new InvalidOperationException($"there is no definition \"{command.Module}\"")));
        return Verdict.Passed;
    }

    private Verdict Register(Command command)
    {
        _linker.DefineInstance(command.As ?? throw new FormatException("the command says not as what"), Find(command.Name));
        return Verdict.Passed;
    }

    private Verdict AssertUnlinkable(Command command)
    {
        var module = Compile(Load(command));
        try
        {
            _linker.Instantiate(_store, module);
            return Verdict.Failed($"was linked and instantiated; expected \"{command.Text}\"");
        }
        catch (LinkException refused)
        {
            return refused.Problems.Any(problem => Judgement.TextsMatch(problem, command.Text))
                ? Verdict.Passed
                : Verdict.Failed($"was not linked because of \"{refused.Message}\"; expected \"{command.Text}\"");
        }
    }

    private Verdict AssertUninstantiable(Command command)
    {
        var pre = _linker.InstantiatePre(Compile(Load(command)));
        var thrown = Judgement.Catch(() => pre.Instantiate(_store));
        return Judgement.IsUncaughtException(thrown) ? Verdict.Passed : Judgement.Trap(thrown, command.Text);
    }

    private Instance Instantiate(byte[] binary) => _linker.Instantiate(_store, Compile(binary));

    private Module Compile(byte[] binary)
    {
        var module = Module.Compile(_engine, binary, cancellationToken: _clock.Ended);
        if (_storesModules)
        {
            var artifact = module.Serialize();
            module.Dispose();
            module = Module.Deserialize(_engine, artifact);
        }

        _modules.Add(module);
        return module;
    }

    private void Forget(Command command)
    {
        switch (command.Type)
        {
            case "module":
                ForgetInstance(command.Name);
                break;
            case "module_definition":
                _lastDefinition = null;
                _definitions.Remove(command.Name ?? "");
                break;
        }
    }

    private void ForgetInstance(string? name)
    {
        _current = null;
        _instances.Remove(name ?? "");
    }

    private void Enter(string? name, Instance instance)
    {
        _current = instance;
        if (name is not null)
        {
            _instances[name] = instance;
        }
    }
}
