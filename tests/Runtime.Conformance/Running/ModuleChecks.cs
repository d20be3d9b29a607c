using HostService.Runtime.Errors;

namespace HostService.Runtime.Conformance.Running;

/// <summary>What a script says of modules that are not to be run.</summary>
internal static class ModuleChecks
{
    public static Verdict AssertValid(Engine engine, byte[] binary) => Check(engine, binary) is { } refused
        ? Verdict.Failed($"{refused.GetType().Name}: {refused.Message}")
        : Verdict.Passed;

    public static Verdict AssertInvalid(Engine engine, byte[] binary) => Check(engine, binary) switch
    {
        InvalidModuleException => Verdict.Passed,
        var other => Verdict.Failed($"{Text(other)}; expected it to decode and to be invalid"),
    };

    public static Verdict AssertMalformed(Engine engine, byte[] binary) => Check(engine, binary) switch
    {
        MalformedModuleException => Verdict.Passed,
        var other => Verdict.Failed($"{Text(other)}; expected it to be malformed"),
    };

    /// <summary>For what is wrong in a custom section only.</summary>
    public static Verdict AssertRefused(Engine engine, byte[] binary) => Check(engine, binary, Module.ValidateCustomSections) switch
    {
        MalformedModuleException or InvalidModuleException => Verdict.Passed,
        var other => Verdict.Failed($"{Text(other)}; expected its custom section to be refused"),
    };

    private static WasmException? Check(Engine engine, byte[] binary) => Check(engine, binary, Module.Validate);

    private static WasmException? Check(Engine engine, byte[] binary, Action<Engine, ReadOnlyMemory<byte>, CancellationToken> validate)
    {
        try
        {
            validate(engine, binary, default);
            return null;
        }
        catch (WasmException refused)
        {
            return refused;
        }
    }

    private static string Text(WasmException? refused) => refused is null ? "is valid" : $"{refused.GetType().Name}: {refused.Message}";
}
