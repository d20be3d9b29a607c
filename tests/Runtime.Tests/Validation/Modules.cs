using HostService.Runtime.Binary;
using HostService.Runtime.Types;
using HostService.Runtime.Validation;

namespace HostService.Runtime.Tests.Validation;

/// <summary>Small modules, byte by byte.</summary>
internal static class Modules
{
    private static readonly byte[] s_header = [0, 0x61, 0x73, 0x6D, 1, 0, 0, 0];

    /// <summary>A module of these sections.</summary>
    public static byte[] Of(params IEnumerable<byte[]> sections) => [.. s_header, .. sections.SelectMany(section => section)];

    /// <summary>A section: its id, its length, its contents.</summary>
    public static byte[] Section(byte id, params byte[] contents) => [id, .. Leb(contents.Length), .. contents];

    /// <summary>A vector: its length, then its items.</summary>
    public static byte[] Vector(params IReadOnlyCollection<byte[]> items) => [.. Leb(items.Count), .. items.SelectMany(item => item)];

    /// <summary>A name or another vector of bytes.</summary>
    public static byte[] Bytes(params byte[] bytes) => [.. Leb(bytes.Length), .. bytes];

    /// <summary>The type section with <c>(func)</c> alone.</summary>
    public static byte[] EmptyFuncType => Section(1, 1, 0x60, 0, 0);

    /// <summary>A code section with these bodies, each with its declarations of locals.</summary>
    public static byte[] Code(params IReadOnlyCollection<byte[]> bodies) => Section(10, Vector([.. bodies.Select(body => Bytes(body))]));

    /// <summary>A module with one function <c>(func)</c> without locals: these instructions, the last <c>end</c> included.</summary>
    public static byte[] OneFunction(params byte[] instructions) => Of(EmptyFuncType, Section(3, 1, 0), Code([[0, .. instructions]]));

    /// <summary>Unsigned LEB128 of a number that is not negative.</summary>
    public static byte[] Leb(int value)
    {
        List<byte> bytes = [];
        do
        {
            bytes.Add((byte)(value > 0x7F ? value | 0x80 : value));
            value >>= 7;
        }
        while (value > 0);
        return [.. bytes];
    }

    /// <summary>Decodes and validates.</summary>
    public static ValidatedModule Validate(byte[] binary, WasmFeatures features = WasmFeatures.None, ModuleLimits? limits = null) =>
        ValidatedModule.Validate(ModuleDecoder.Decode(binary, features, limits ?? ModuleLimits.Default), limits ?? ModuleLimits.Default);
}
