using CsCheck;
using HostService.Runtime.Binary;
using HostService.Runtime.Compilation;
using HostService.Runtime.Errors;
using HostService.Runtime.Fuzz.Generation;
using HostService.Runtime.Types;
using HostService.Runtime.Validation;
using Xunit;

namespace HostService.Runtime.Fuzz;

/// <summary>Compiles generated modules with the validator beside the compiler: both must see the same operands after each instruction, and the compiler must know of all reads that it has still to emit.</summary>
/// <remarks>A read that it does not know of shows in what a program computes only where its local changes in time, in one of some hundred thousand modules.</remarks>
public sealed class WitnessTests
{
    private const int Modules = 300;
    private const ulong Seed = 21;

    private static readonly CompileOptions[] s_options = [new() { CheckOperands = true }, new() { CheckOperands = true, GuardPages = true }];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void GeneratedModule_HasTheOperandsOfTheValidator(bool isLegacy)
    {
        Gen<byte[]> generator = isLegacy ? new LegacyModuleGen(120) : new ModuleGen(120);
        for (uint i = 0; i < Modules; i++)
        {
            var pair = ModulePair.Read(generator.Generate(new PCG(i, Seed), null, out _));
            foreach (var binary in new[] { pair.First, pair.Second }.OfType<byte[]>())
            {
                var module = ValidatedModule.Validate(ModuleDecoder.Decode(binary, ModuleGen.Features | LegacyModuleGen.Features, ModuleLimits.Default), ModuleLimits.Default);
                foreach (var options in s_options)
                {
                    Assert.Null(Record.Exception(() => ModuleCompiler.Compile(module, options, default)));
                }
            }
        }
    }
}
