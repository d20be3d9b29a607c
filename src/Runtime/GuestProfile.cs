using HostService.Runtime.Execution.Profiling;

namespace HostService.Runtime;

/// <summary>A sampling profile of the guests of one <see cref="Store"/>: which WebAssembly functions they spend their time in, and through which callers.</summary>
/// <remarks>
/// <para>Guest code is the same whether it is profiled or not, so a Store without a profile pays nothing for this. While a profile runs, a thread of its own asks for a sample at every
/// interval; the guest's next look at its deadline, at a loop or at the entry of a function that calls, finds itself asked, notes its call stack and goes on. <see cref="Store.SetEpochDeadline"/> and <see cref="Store.OnEpochDeadline"/> work as ever.</para>
/// <para>A function that neither loops nor calls has no check: its time is its caller's. A host function is charged with the time until it returns.</para>
/// <para><see cref="Start"/>, <see cref="Stop"/> and <see cref="Dispose"/> belong to whoever uses the Store; what is read after <see cref="Stop"/> may be read by any thread.</para>
/// </remarks>
public sealed class GuestProfile : IDisposable
{
    private readonly ProfileRecorder _recorder;

    private GuestProfile(ProfileRecorder recorder) => _recorder = recorder;

    /// <summary>The thread that asks for samples.</summary>
    internal Thread? RequestingThread => _recorder.RequestingThread;

    /// <summary>How many samples there are.</summary>
    public int SampleCount => _recorder.Samples.Count;

    /// <summary>How long it was taken, or has been taken so far.</summary>
    public TimeSpan Duration => _recorder.Duration;

    /// <summary>Begins to sample a Store's guests.</summary>
    /// <param name="store">The Store. It may have one profile at a time.</param>
    /// <param name="options">How; null for <see cref="GuestProfileOptions.Default"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="InvalidOperationException">The Store is being profiled already.</exception>
    /// <exception cref="ObjectDisposedException">The Store is disposed.</exception>
    public static GuestProfile Start(Store store, GuestProfileOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        store.ThrowIfDisposed();
        options ??= GuestProfileOptions.Default;
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Interval, TimeSpan.FromMilliseconds(1), nameof(GuestProfileOptions.Interval));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Interval, TimeSpan.FromSeconds(1), nameof(GuestProfileOptions.Interval));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxSamples, 2, nameof(GuestProfileOptions.MaxSamples));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.MaxSamples, 1_000_000, nameof(GuestProfileOptions.MaxSamples));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxFrames, 1, nameof(GuestProfileOptions.MaxFrames));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.MaxFrames, 10_000, nameof(GuestProfileOptions.MaxFrames));
        if (store.Profile is not null)
        {
            throw new InvalidOperationException("The Store is being profiled already.");
        }

        var recorder = new ProfileRecorder(store, options);
        recorder.Start();
        return new GuestProfile(recorder);
    }

    /// <summary>Ends the sampling; a second call does nothing. Disposing the Store does it too, and so does the collector when neither is called.</summary>
    public void Stop() => _recorder.Stop();

    /// <summary>Writes the profile as JSON in the format that <see href="https://profiler.firefox.com">profiler.firefox.com</see> opens, its "processed profile" of version 57.</summary>
    /// <remarks>
    /// Where a module carries DWARF, frames have file, line and column, and functions that the compiler inlined are frames of their own. The debugging information is read here and not while
    /// samples are taken, also after the module was disposed; it takes no more than about half a second for each module. What is broken has no lines.
    /// </remarks>
    /// <param name="destination">Where to; it is written to piece by piece and left open.</param>
    /// <exception cref="InvalidOperationException">The profile was not stopped.</exception>
    /// <exception cref="IOException">The destination could not be written to.</exception>
    public void WriteTo(Stream destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        if (!_recorder.IsStopped)
        {
            throw new InvalidOperationException("A profile can be written once it has been stopped.");
        }

        FirefoxProfileWriter.Write(_recorder, destination);
    }

    /// <summary>Ends the sampling.</summary>
    public void Dispose() => Stop();
}
