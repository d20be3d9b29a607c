using HostService.Runtime.Binary;
using HostService.Runtime.Errors;
using HostService.Runtime.Types;
using HostService.Runtime.Validation;
using Xunit;

namespace HostService.Runtime.Tests.Validation;

/// <summary>
/// Decodes and validates every binary of the conformance suites: what the scripts call valid, invalid and malformed must be so, with the words they give.
/// </summary>
public class SuiteValidationTests
{
    private const WasmFeatures All = WasmFeatures.Threads | WasmFeatures.CustomPageSizes | WasmFeatures.WideArithmetic | WasmFeatures.LegacyExceptions;

    // The proposal was written before multiple memories and tables were merged, and asserts that there may be only one.
    private static readonly (string Script, int Line)[] s_stale =
    [
        ("imports", 310), ("imports", 314), ("imports", 318), ("imports", 405), ("imports", 409), ("imports", 413), ("memory", 14), ("memory", 15),
    ];

    public static TheoryData<string> Core => [.. Suites.Scripts("core")];

    public static TheoryData<string> Proposals =>
    [
        .. Suites.Scripts("proposals/threads"), .. Suites.Scripts("proposals/custom-page-sizes"), .. Suites.Scripts("proposals/wide-arithmetic"),
        .. Suites.Scripts("proposals/legacy-exceptions"),
    ];

    [Theory]
    [MemberData(nameof(Core))]
    public void Core_EveryModule_IsJudgedAsTheScriptSays(string script) => Run(script, WasmFeatures.None, stale: []);

    [Theory]
    [MemberData(nameof(Proposals))]
    public void Proposals_EveryModule_IsJudgedAsTheScriptSays(string script) =>
        Run(script, All, script.Contains("threads", StringComparison.Ordinal) ? s_stale : []);

    private static void Run(string script, WasmFeatures features, (string Script, int Line)[] stale)
    {
        var name = Path.GetFileNameWithoutExtension(script);
        var failures = Suites.Cases(script)
            .Where(@case => !stale.Contains((name, @case.Line)))
            .Select(@case => (@case, Fault: Fault(@case, features)))
            .Where(judged => judged.Fault is not null)
            .Select(judged => $"line {judged.@case.Line} ({Path.GetFileName(judged.@case.File)}): {judged.Fault}")
            .ToArray();
        Assert.True(failures.Length == 0, $"{failures.Length} failed:\n{string.Join('\n', failures)}");
    }

    // What is wrong with our judgement; null when nothing is.
    private static string? Fault(Suites.Case @case, WasmFeatures features)
    {
        var exception = Judge(File.ReadAllBytes(@case.File), features);
        return @case.Command switch
        {
            "assert_invalid" when exception is InvalidModuleException { Reason: var reason } => Compare(@case.Text, reason),
            "assert_malformed" when exception is MalformedModuleException { Reason: var reason } => Compare(@case.Text, reason),
            "assert_invalid" or "assert_malformed" => $"{@case.Command} \"{@case.Text}\" but {exception?.GetType().Name ?? "valid"}: {exception?.Message}",
            _ => exception is null ? null : $"must be valid but {exception.GetType().Name}: {exception.Message}",
        };
    }

    private static string? Compare(string expected, string actual) =>
        actual.Contains(expected, StringComparison.Ordinal) || expected.Contains(actual, StringComparison.Ordinal)
            ? null
            : $"expected \"{expected}\", found \"{actual}\"";

    private static Exception? Judge(byte[] binary, WasmFeatures features)
    {
        try
        {
            ValidatedModule.Validate(ModuleDecoder.Decode(binary, features, ModuleLimits.Default), ModuleLimits.Default);
            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }
}
