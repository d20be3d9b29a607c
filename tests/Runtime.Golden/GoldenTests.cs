using HostService.Runtime.Binary;
using HostService.Runtime.Compilation;
using HostService.Runtime.Compilation.IL;
using HostService.Runtime.Types;
using HostService.Runtime.Validation;
using Xunit;

namespace HostService.Runtime.Golden;

/// <summary>Each case is a module in text form and, beside it, the IL that it becomes: what the compiler emits is reviewed as a diff.</summary>
/// <remarks>With <c>UPDATE_GOLDEN=1</c> in the environment the listings are written instead of compared.</remarks>
public sealed class GoldenTests
{
    private static readonly string s_cases = Path.Combine(RepositoryRoot(), "tests", "Runtime.Golden", "Cases");
    private static readonly bool s_update = Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1";

    public static TheoryData<string> Cases => [.. Directory.GetFiles(s_cases, "*.wat").Select(path => Path.GetFileNameWithoutExtension(path)).Order()];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Listing_OfCase_IsAsReviewed(string name)
    {
        var golden = Path.Combine(s_cases, name + ".il");
        var listing = List(Path.Combine(s_cases, name + ".wat"));
        if (s_update)
        {
            File.WriteAllText(golden, listing);
        }

        Assert.True(File.Exists(golden), $"{golden} is missing: run with UPDATE_GOLDEN=1 and review it.");
        Assert.Equal(File.ReadAllText(golden), listing);
    }

    [Fact]
    public void EveryListing_HasACase() => Assert.Equal(
        Directory.GetFiles(s_cases, "*.wat").Select(Path.GetFileNameWithoutExtension).Order(),
        Directory.GetFiles(s_cases, "*.il").Select(Path.GetFileNameWithoutExtension).Order());

    private static string List(string path)
    {
        // The first line says how to compile when it is not the usual way: ";; guard-pages".
        var text = File.ReadAllText(path);
        var options = new CompileOptions { GuardPages = text.StartsWith(";; guard-pages", StringComparison.Ordinal) };
        var syntax = ModuleDecoder.Decode(Wasmtime.Module.ConvertText(text), WasmFeatures.None, ModuleLimits.Default);
        var code = ModuleCompiler.Compile(ValidatedModule.Validate(syntax, ModuleLimits.Default), options, CancellationToken.None);
        return ILListing.Of(code.Image.ToArray());
    }

    // Not the path that the compiler knows of this file: a deterministic build replaces it.
    private static string RepositoryRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "HostService.sln")))
            {
                return folder;
            }
        }

        throw new DirectoryNotFoundException("The tests run outside the repository.");
    }
}
