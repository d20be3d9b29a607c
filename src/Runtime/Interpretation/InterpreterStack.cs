using System.Runtime.InteropServices;
using HostService.Runtime.Execution;

namespace HostService.Runtime.Interpretation;

/// <summary>The frames of a Store's interpreted functions: slots from the bottom up, calls from the top down. It is exhausted where they meet.</summary>
/// <remarks>Native memory of a fixed size, so that frames never move. Not thread-safe, like its Store.</remarks>
internal sealed unsafe class InterpreterStack
{
    private const int MaxBytes = 64 << 20;

    private readonly byte* _memory;
    private Activation[] _activations = new Activation[4];
    private int _freed;

    /// <summary>Makes an empty stack.</summary>
    /// <param name="sizeBytes">How large it is.</param>
    public InterpreterStack(int sizeBytes)
    {
        SizeBytes = SizeFor(sizeBytes);
        _memory = (byte*)NativeMemory.Alloc((nuint)SizeBytes);
        Top = (CallRecord*)(_memory + SizeBytes);
        NextFrame = (ulong*)_memory;
    }

    ~InterpreterStack() => Free();

    /// <summary>How large it is.</summary>
    public int SizeBytes { get; }

    /// <summary>How large a stack is that was asked for with a size: at least something, no more than threads have, and a multiple of what it holds.</summary>
    public static int SizeFor(int sizeBytes) => Math.Clamp(sizeBytes, 1024, MaxBytes) & ~15;

    /// <summary>The call that runs; those that it returns to follow.</summary>
    public CallRecord* Top;

    /// <summary>Where the next activation's frame begins.</summary>
    public ulong* NextFrame;

    /// <summary>How many calls from outside into the interpreter have not returned.</summary>
    public int Depth { get; private set; }

    /// <summary>Begins an activation.</summary>
    /// <param name="state">The instance that it runs in.</param>
    /// <returns>Its number.</returns>
    public int Begin(InstanceState state)
    {
        if (Depth == _activations.Length)
        {
            Array.Resize(ref _activations, Depth * 2);
        }

        _activations[Depth] = new Activation { State = state, Base = Top, NextFrame = NextFrame };
        return Depth++;
    }

    /// <summary>Ends an activation, and those that an exception left above it.</summary>
    public void End(int activation)
    {
        Top = _activations[activation].Base;
        NextFrame = _activations[activation].NextFrame;
        while (Depth > activation)
        {
            _activations[--Depth] = default;
        }
    }

    /// <summary>Notes where the running activation is, before something is called that may want to know.</summary>
    public void Mark(Step* step) => _activations[Depth - 1].Step = step;

    /// <summary>Whether the last function of the running activation goes on in compiled code, which has a frame of its own on the CLR's stack.</summary>
    public bool IsContinued
    {
        get => _activations[Depth - 1].IsContinued;
        set => _activations[Depth - 1].IsContinued = value;
    }

    /// <summary>The functions that an activation is in.</summary>
    public InterpretedFrames FramesOf(int activation)
    {
        ref var asked = ref _activations[activation];
        var top = activation == Depth - 1 ? Top : _activations[activation + 1].Base;
        return asked.IsContinued
            ? new InterpretedFrames(asked.State, top + 1, asked.Base, top->ReturnTo - 1)
            : new InterpretedFrames(asked.State, top, asked.Base, asked.Step);
    }

    /// <summary>Frees it at once; it must not be used any more.</summary>
    public void Free()
    {
        if (Interlocked.Exchange(ref _freed, 1) == 0)
        {
            NativeMemory.Free(_memory);
        }
    }

    private struct Activation
    {
        public InstanceState State;
        public CallRecord* Base;    // the top when it began
        public ulong* NextFrame;    // the same of the frames
        public Step* Step;
        public bool IsContinued;
    }
}
