using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using HostService.Runtime.Syntax;

namespace HostService.Runtime.Validation;

/// <content>Operands and control frames; the names are those of the specification's appendix.</content>
internal sealed partial class FunctionValidator
{
    // A second of work at most. The largest function has fewer instructions than this; types are mostly the same, and then not counted.
    private const int MaxComparisons = 10_000_000;

    // Forty megabytes of frames. The deepest that toolchains are known to make are a few thousand.
    private const int MaxFrames = 1_000_000;

    private static readonly FuncType s_noEffect = new([], []);

    private ControlFrame[] _frames = new ControlFrame[16];
    private int _frameCount;
    private int _maxFrames;
    private int _comparisons;

    // The innermost frame's Height and IsUnreachable, which every pop asks for.
    private int _height;
    private bool _isUnreachable;

    /// <summary>How many blocks are open, the function's body included.</summary>
    public int FrameCount => _frameCount;

    /// <summary>Whether the current point is never reached.</summary>
    public bool IsUnreachable => _isUnreachable;

    /// <summary>An open block; label 0 is the innermost, the last one is the body. Valid until the next step.</summary>
    public ref readonly ControlFrame Frame(int label) => ref _frames[_frameCount - 1 - label];

    private void Reset(FuncType body)
    {
        Operands.Clear();
        _frameCount = _maxFrames = _comparisons = 0;
        (_lastCall, _hasCalls, _hasLoops, _hasHandlers) = (0, false, false, false);
        ForgetInitialized(0);
        PushControl(Op.Block, body);
    }

    private void PushControl(Op op, FuncType type)
    {
        if (_frameCount == _frames.Length)
        {
            if (_frameCount >= MaxFrames)
            {
                throw new ModuleLimitException($"+0x{_offset:x}: blocks are nested deeper than the {MaxFrames} levels that this engine takes");
            }

            Array.Resize(ref _frames, Math.Min(_frames.Length * 2, MaxFrames));
        }

        _frames[_frameCount++] = new ControlFrame { Op = op, Type = type, Height = Operands.Count, InitializedHeight = _initializedCount };
        _maxFrames = Math.Max(_maxFrames, _frameCount);
        (_height, _isUnreachable) = (Operands.Count, false);
        Operands.Push(type.Parameters.AsSpan());
    }

    private ControlFrame PopControl()
    {
        var frame = _frames[_frameCount - 1];
        PopOperands(frame.EndTypes);
        if (Operands.Count != frame.Height)
        {
            ThrowExtraOperands(in frame);
        }

        ForgetInitialized(frame.InitializedHeight);
        _frameCount--;
        (_height, _isUnreachable) = _frameCount == 0 ? (0, false) : (_frames[_frameCount - 1].Height, _frames[_frameCount - 1].IsUnreachable);
        return frame;
    }

    private void SetUnreachable()
    {
        Operands.Truncate(_height);
        _frames[_frameCount - 1].IsUnreachable = true;
        _isUnreachable = true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void PopOperand(ValueType expected)
    {
        if (Operands.Count > _height)
        {
            var actual = Operands.Pop();
            if (actual != expected)
            {
                RequireSubtype(actual, expected);
            }
        }
        else
        {
            RequireUnreachable(expected);
        }
    }

    // The deepest type first, so the last one is popped first.
    private void PopOperands(ReadOnlySpan<ValueType> expected)
    {
        // A call of two bytes can take a thousand operands, so many are compared at once.
        if (expected.Length > 4 && Operands.Count - _height >= expected.Length && TypeRelations.AreSame(Operands.Types[^expected.Length..], expected))
        {
            Operands.Truncate(Operands.Count - expected.Length);
            return;
        }

        for (var i = expected.Length - 1; i >= 0; i--)
        {
            if (_isUnreachable && Operands.Count == _height)
            {
                // All that is left comes from the bottomless stack.
                return;
            }

            PopOperand(expected[i]);
        }
    }

    private void RequireUnreachable(ValueType expected)
    {
        if (!_isUnreachable)
        {
            ThrowMissing(expected);
        }
    }

    // Two bytes can ask for a thousand comparisons up long chains of supertypes: the one thing here that is not linear in the size of the code.
    private void CountComparisons(int count)
    {
        _comparisons += count;
        if (_comparisons > MaxComparisons)
        {
            throw new ModuleLimitException($"func[{_function}] needs more than {MaxComparisons} comparisons of types, which this engine does not make");
        }
    }

    private bool AreSubtypes(ReadOnlySpan<ValueType> types, ReadOnlySpan<ValueType> expected)
    {
        if (TypeRelations.AreSame(types, expected))
        {
            return true;
        }

        CountComparisons(types.Length);
        return _relations.IsSubtype(types, expected);
    }

    private void RequireSubtype(ValueType actual, ValueType expected)
    {
        CountComparisons(1);
        if (!_relations.IsSubtype(actual, expected))
        {
            ThrowMismatch(expected, actual);
        }
    }

    private ValueType PopAny()
    {
        if (Operands.Count > _height)
        {
            return Operands.Pop();
        }

        if (!_isUnreachable)
        {
            ThrowMissing(null);
        }

        return default;
    }

    // A reference, or bottom.
    private ValueType PopReference()
    {
        var type = PopAny();
        if (!type.IsRef && type.Kind != ValueKind.None)
        {
            ThrowInvalid($"type mismatch: instruction requires a reference but stack has [{type}]");
        }

        return type;
    }

    private void ApplySimple(in PackedEffect effect)
    {
        if (effect.PopCount > 0)
        {
            PopOperand(effect.Pop);
            if (effect.PopCount > 1)
            {
                PopOperand(effect.Pop);
            }
        }

        if (effect.Push.Kind != ValueKind.None)
        {
            Operands.Push(effect.Push);
        }
    }

    private void ApplyGeneral(in Instruction instruction, in PackedEffect packed)
    {
        if (packed.Shape == EffectShape.Contextual)
        {
            return;
        }

        var row = instruction.Info;
        var effect = row.Effect!;
        var address = effect.IsMemoryAccess ? CheckMemArg(in instruction, row) : default;
        if (row.Lanes != 0)
        {
            CheckLanes(in instruction, row);
        }

        PopOperands(effect.Pops.AsSpan());
        if (effect.IsMemoryAccess)
        {
            PopOperand(address);
        }

        Operands.Push(effect.Pushes.AsSpan());
    }

    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    private void ThrowInvalid(string reason) => throw new InvalidModuleException(reason, _offset, _function);

    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    private void ThrowMismatch(ValueType expected, ValueType actual) =>
        ThrowInvalid($"type mismatch: instruction requires [{expected}] but stack has [{actual}]");

    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    private void ThrowMissing(ValueType? expected) =>
        ThrowInvalid($"type mismatch: instruction requires [{expected?.ToString() ?? "a value"}] but stack has []");

    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    private void ThrowExtraOperands(in ControlFrame frame)
    {
        // The results have been taken off by now.
        var results = Join(frame.EndTypes);
        var stack = $"{Join(Operands.Types[frame.Height..])} {results}".TrimEnd();
        ThrowInvalid($"type mismatch: block requires [{results}] but stack has [{stack}]");
    }

    // Enough for a message; a hostile block could have thousands.
    private static string Join(ReadOnlySpan<ValueType> types)
    {
        const int Shown = 16;
        var text = string.Join(' ', types[..Math.Min(types.Length, Shown)].ToArray());
        return types.Length > Shown ? $"{text} …" : text;
    }
}
