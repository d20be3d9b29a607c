using HostService.Runtime.Binary;
using HostService.Runtime.Errors;
using HostService.Runtime.Fuzz.Differential;
using HostService.Runtime.Types;
using HostService.Runtime.Validation;

namespace HostService.Runtime.Fuzz.Validation;

/// <summary>What this engine and Wasmtime say of a binary.</summary>
internal sealed class Verdicts(WasmFeatures features) : IDisposable
{
    private readonly Wasmtime.Engine _engine = new(new Wasmtime.Config()
        .WithReferenceTypes(true)
        .WithFunctionReferences(true)
        .WithGc(true)
        .WithExceptions(true)
        .WithTailCalls(true)
        .WithSIMD(true)
        .WithRelaxedSIMD(true, false)
        .WithBulkMemory(true)
        .WithMultiValue(true)
        .WithMultiMemory(true)
        .WithMemory64(true)
        .WithWasmThreads(features.HasFlag(WasmFeatures.Threads))
        .WithWideArithmetic(features.HasFlag(WasmFeatures.WideArithmetic))
        .WithCustomPageSizes(features.HasFlag(WasmFeatures.CustomPageSizes))
        .WithCompactImports(false));

    /// <summary>This engine's verdict: null when it accepts.</summary>
    public Exception? Ours(byte[] binary)
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

    /// <summary>Wasmtime's verdict: null when it accepts.</summary>
    public string? Theirs(byte[] binary) => Wasmtime.Module.Validate(_engine, binary);

    /// <summary>What is wrong with the two verdicts; null when nothing is.</summary>
    public string? Compare(byte[] binary)
    {
        var ours = Ours(binary);
        if (ours is not (null or WasmException))
        {
            return $"{Convert.ToHexString(binary)}: {ours}";
        }

        // A limit of this engine is no verdict on the module.
        if (ours is ModuleLimitException)
        {
            return null;
        }

        var theirs = Theirs(binary);
        return (ours is null) == (theirs is null)
            ? null
            : $"{Convert.ToHexString(binary)}: ours \"{ours?.Message ?? "valid"}\", theirs \"{theirs?.Trim() ?? "valid"}\"";
    }

    public void Dispose() => _engine.Dispose();
}
