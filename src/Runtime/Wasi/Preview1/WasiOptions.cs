using System.Collections.Immutable;
using System.Security.Cryptography;

namespace HostService.Runtime.Wasi.Preview1;

/// <summary>What a guest sees of the world. Immutable; nothing in it may be null, and the streams, clock and random source must be as thread-safe as their use.</summary>
/// <remarks>One object can serve many contexts; <c>with</c> makes a variant for one request.</remarks>
public sealed record WasiOptions
{
    /// <summary>Nothing but a clock and random numbers: no arguments, empty streams, no directory.</summary>
    public static WasiOptions Default { get; } = new();

    /// <summary>The arguments, the program's name first. Default: none.</summary>
    /// <exception cref="ArgumentException">Set: one is null or has a character U+0000 in it, where the guest would see it end.</exception>
    public ImmutableArray<string> Arguments
    {
        get;
        init
        {
            field = value.IsDefault ? [] : value;
            foreach (var argument in field)
            {
                CheckText(argument, nameof(Arguments));
            }
        }
    }

    = [];

    /// <summary>The environment, in the order the guest lists it. Default: none.</summary>
    /// <exception cref="ArgumentException">Set: a name or value is null or has a character U+0000 in it, or a name has <c>=</c>: the guest would see another.</exception>
    public ImmutableArray<KeyValuePair<string, string>> Environment
    {
        get;
        init
        {
            field = value.IsDefault ? [] : value;
            foreach (var (name, text) in field)
            {
                CheckText(name, nameof(Environment));
                CheckText(text, nameof(Environment));
                if (name.Contains('='))
                {
                    throw new ArgumentException($"The name \"{name}\" has a = in it.", nameof(Environment));
                }
            }
        }
    }

    = [];

    /// <summary>What descriptor 0 reads. Default: an empty stream.</summary>
    /// <remarks>
    /// Read synchronously on the guest's thread, which waits as long as the stream does: end the wait by failing the stream. A stream that throws
    /// <see cref="IOException"/> or <see cref="ObjectDisposedException"/> gives the guest EIO; any other exception ends the guest and reaches the embedder.
    /// <c>poll_oneoff</c> takes a stream for ready at all times, because a <see cref="Stream"/> can't say.
    /// </remarks>
    public Stream StandardInput
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value, nameof(StandardInput));
            field = value;
        }
    }

    = Stream.Null;

    /// <summary>What descriptor 1 writes. Default: nowhere.</summary>
    /// <remarks>
    /// Written as the guest writes, and flushed when the guest syncs the descriptor. A stream that throws <see cref="IOException"/> or
    /// <see cref="ObjectDisposedException"/> gives the guest EPIPE; any other exception ends the guest and reaches the embedder.
    /// </remarks>
    public Stream StandardOutput
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value, nameof(StandardOutput));
            field = value;
        }
    }

    = Stream.Null;

    /// <summary>What descriptor 2 writes. Default: nowhere. As <see cref="StandardOutput"/>.</summary>
    public Stream StandardError
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value, nameof(StandardError));
            field = value;
        }
    }

    = Stream.Null;

    /// <summary>Whether the standard streams look like a terminal, which makes many programs flush each line. Default: false.</summary>
    public bool IsTerminal { get; init; }

    /// <summary>The directories that are open from the start, as descriptors 3 and up in this order. Default: none.</summary>
    public ImmutableArray<WasiPreopen> Preopens
    {
        get;
        init => field = value.IsDefault ? [] : value;
    }

    = [];

    /// <summary>The clock behind all of WASI's. Default: the system's.</summary>
    public TimeProvider TimeProvider
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value, nameof(TimeProvider));
            field = value;
        }
    }

    = TimeProvider.System;

    /// <summary>Where random numbers come from. Default: the system's cryptographic generator.</summary>
    public WasiRandomSource Random
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value, nameof(Random));
            field = value;
        }
    }

    = RandomNumberGenerator.Fill;

    /// <summary>Ends waits and long operations of the guest with an <see cref="OperationCanceledException"/>. Default: never.</summary>
    /// <remarks>The Store's epoch deadline ends them too. Guest code itself stops at the deadline only.</remarks>
    public CancellationToken Cancellation { get; init; }

    /// <summary>What the guest may use. Default: <see cref="WasiLimits.Default"/>.</summary>
    public WasiLimits Limits
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value, nameof(Limits));
            field = value;
        }
    }

    = WasiLimits.Default;

    private static void CheckText(string text, string name)
    {
        ArgumentNullException.ThrowIfNull(text, name);
        if (text.Contains('\0'))
        {
            throw new ArgumentException($"\"{text[..text.IndexOf('\0')]}\" goes on after a character U+0000, where the guest would see it end.", name);
        }
    }
}
