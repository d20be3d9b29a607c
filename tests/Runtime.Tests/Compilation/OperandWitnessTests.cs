using HostService.Runtime.Binary;
using HostService.Runtime.Compilation;
using HostService.Runtime.Errors;
using HostService.Runtime.Tests.Validation;
using HostService.Runtime.Types;
using HostService.Runtime.Validation;
using Xunit;

namespace HostService.Runtime.Tests.Compilation;

/// <summary>Compiles every valid module of the core suite with the validator beside the compiler: both must see the same operands after each instruction.</summary>
public class OperandWitnessTests
{
    private static readonly CompileOptions s_options = new() { CheckOperands = true, MaxParallelism = 1 };

    public static TheoryData<string> Scripts => [.. Suites.Scripts("core")];

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Compile_EveryInstruction_HasTheOperandsOfTheValidator(string script)
    {
        foreach (var @case in Suites.Cases(script).Where(@case => @case.Command is not ("assert_invalid" or "assert_malformed")))
        {
            var syntax = ModuleDecoder.Decode(File.ReadAllBytes(@case.File), WasmFeatures.None, ModuleLimits.Default);
            var fault = Record.Exception(() => ModuleCompiler.Compile(ValidatedModule.Validate(syntax, ModuleLimits.Default), s_options, default));

            // A module may use what is not compiled, which it is then refused for by name.
            Assert.True(fault is null or ModuleLimitException, $"line {@case.Line}: {fault}");
        }
    }
}
