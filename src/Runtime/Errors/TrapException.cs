using System.Collections.Immutable;
using System.Text;

namespace HostService.Runtime.Errors;

/// <summary>Execution of a guest trapped. The Store may be used further; the instance's state is as the guest left it.</summary>
/// <remarks><see href="https://webassembly.github.io/spec/core/intro/overview.html#trap">Spec: trap</see></remarks>
public sealed class TrapException : WasmException
{
    /// <summary>How many frames a trap carries at most, innermost first; the rest are counted in <see cref="TruncatedFrames"/>.</summary>
    public const int MaxFrames = 64;

    internal TrapException(TrapCode code, long? offset = null, Exception? inner = null)
        : base(code.Message(), inner) => (Code, ThrownAt) = (code, offset is < 0 ? null : offset);

    /// <summary>Why.</summary>
    public TrapCode Code { get; }

    /// <summary>The active WebAssembly functions, innermost first, at most <see cref="MaxFrames"/>.</summary>
    public ImmutableArray<TrapFrame> Frames { get; internal set; } = [];

    /// <summary>How many outer frames were left out of <see cref="Frames"/>.</summary>
    public int TruncatedFrames { get; internal set; }

    /// <summary>What went wrong in particular, where neither code nor frames say it: which active segment did not fit, how long it is and where it was to go. Null otherwise.</summary>
    /// <remarks>Segments are copied at instantiation, while no function is active, so such a trap has no frames.</remarks>
    public string? Detail { get; internal init; }

    /// <summary>The offset of the trapping instruction in its binary, where the throw helper was told; the innermost frame takes it.</summary>
    internal long? ThrownAt { get; }

    /// <summary>The message, the <see cref="Detail"/> if there is one, and one line for each frame, with what is known of its source.</summary>
    /// <remarks>For logs and terminals: control characters, which the module's own names may have, are shown as U+FFFD.</remarks>
    public override string ToString()
    {
        var text = new StringBuilder("wasm trap: ").Append(Message);
        if (Detail is not null)
        {
            text.Append(": ").Append(Detail);
        }

        foreach (var frame in Frames)
        {
            text.Append("\n  at ").Append(OneLine.Of((frame.Module is null ? "" : frame.Module + "!") + frame.Function))
                .Append(" +0x").Append(frame.Offset.ToString("x", null)).Append(frame.IsApproximate ? " (approximate)" : "");
            foreach (var position in frame.Source)
            {
                text.Append("\n       ").Append(OneLine.Of(position.ToString()));
            }
        }

        return TruncatedFrames == 0 ? text.ToString() : text.Append("\n  … and ").Append(TruncatedFrames).Append(" more").ToString();
    }
}
