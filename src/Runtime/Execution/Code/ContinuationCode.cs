using System.Reflection;

namespace HostService.Runtime.Execution.Code;

/// <summary>The loaded continuation of a function: code that takes a call over in the middle. It lives as long as something refers to this, or runs in it.</summary>
internal sealed class ContinuationCode : MappedCode
{
    private const int FirstMethod = (0x06 << 24) | 1;

    private readonly ModuleCode _main;
    private readonly ContinuationImage _image;
    private readonly System.Reflection.Module _clrModule; // keeps the code

    /// <summary>Loads an image.</summary>
    /// <param name="main">The code that it calls, which it keeps.</param>
    /// <param name="image">The image.</param>
    /// <param name="load">Loads it; must not keep the stream.</param>
    public ContinuationCode(ModuleCode main, ContinuationImage image, Func<Stream, Assembly> load)
    {
        (_main, _image) = (main, image);
        _clrModule = load(new MemoryStream(image.Bytes, writable: false)).ManifestModule;
        Register(_clrModule);
        var method = _clrModule.ModuleHandle.ResolveMethodHandle(FirstMethod);
        System.Runtime.CompilerServices.RuntimeHelpers.PrepareMethod(method);
        EntryPoint = method.GetFunctionPointer();
    }

    /// <summary><c>static R Continue(ulong* frame, object?[]? references, int first, InstanceState state)</c>, compiled by the CLR.</summary>
    public nint EntryPoint { get; }

    /// <inheritdoc/>
    public override CodeRange Range => _main.Range;

    /// <inheritdoc/>
    public override ulong AddressOf(int wasmOffset) => _main.AddressOf(wasmOffset);

    /// <inheritdoc/>
    public override int FindOffset(int function, int ilOffset, AddressSiteKind kind) => _image.Addresses.Find(0, ilOffset, kind);

    /// <inheritdoc/>
    protected override int FunctionOfRow(int row) => _image.Function;
}
