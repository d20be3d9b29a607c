using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace HostService.Runtime.Trials;

/// <summary>A child process that compiles, and the watch over it.</summary>
internal sealed class TrialProcess : IDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(20);

    private readonly CompilationTrialOptions _options;
    private readonly Process _process;
    private readonly Task<string> _errors;
    private TimeSpan _timeBefore;
    private long _bytesBefore;
    private long _peakBytes;
    private long _milliseconds;
    private volatile int _function = -1;
    private volatile bool _isReady;
    private string? _broken; // which limit, once one is broken; written by whoever kills the process

    private TrialProcess(CompilationTrialOptions options, Process process)
    {
        (_options, _process) = (options, process);
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Compiles what is asked for in a process of its own.</summary>
    /// <exception cref="OperationCanceledException">Cancelled; the process is ended.</exception>
    public static async Task<TrialResult> RunAsync(CompilationTrialOptions options, TrialRequest request, CancellationToken cancellationToken)
    {
        Process process;
        try
        {
            process = Process.Start(TrialCommand.For(options))!;
        }
        catch (Exception failure) when (failure is ExternalException or InvalidOperationException or IOException) // the first is what Process.Start throws
        {
            return new TrialResult(CompilationOutcome.Unknown, -1, $"the child process could not be started: {failure.Message}");
        }

        using var trial = new TrialProcess(options, process);
        return await trial.RunAsync(request, cancellationToken).ConfigureAwait(false);
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }

    private async Task<TrialResult> RunAsync(TrialRequest request, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watch = WatchAsync(ended.Token);
        TrialResult? result;
        try
        {
            using var registration = cancellationToken.Register(Kill);
            result = await ReportsAsync(request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Kill();
            await ended.CancelAsync().ConfigureAwait(false);
            await watch.ConfigureAwait(false);
        }

        cancellationToken.ThrowIfCancellationRequested();
        result = Broken() ?? result ?? await DeathAsync().ConfigureAwait(false);
        return result with { ProcessorTime = TimeSpan.FromMilliseconds(_milliseconds), PeakBytes = Math.Max(0, _peakBytes) };
    }

    // Null when the process ended before it was done.
    private async Task<TrialResult?> ReportsAsync(TrialRequest request, CancellationToken cancellationToken)
    {
        try
        {
            await request.WriteAsync(_process.StandardInput.BaseStream, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException)
        {
            return null; // It is gone already; its code says why.
        }

        while (await _process.StandardOutput.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            if (TrialReport.Parse(line) is not { } report)
            {
                continue;
            }

            _milliseconds = report.ProcessorMilliseconds;
            if (report.ProcessorMilliseconds > _options.MaxProcessorTime.TotalMilliseconds)
            {
                return new TrialResult(CompilationOutcome.Exceeded, _function, TooLong());
            }

            switch (report.Kind)
            {
                case TrialReport.Ready:
                    (_timeBefore, _bytesBefore) = Usage();
                    _isReady = true;
                    break;
                case TrialReport.Begin:
                    _function = report.Function;
                    break;
                case TrialReport.Refused:
                    return new TrialResult(CompilationOutcome.Exceeded, report.Function, report.Text.StartsWith(nameof(OutOfMemoryException), StringComparison.Ordinal) ? TooLarge() : report.Text);
                case TrialReport.Done:
                    return new TrialResult(CompilationOutcome.Passed, -1, null);
            }
        }

        return null;
    }

    private async Task WatchAsync(CancellationToken ended)
    {
        var started = Stopwatch.GetTimestamp();
        while (!ended.IsCancellationRequested && _broken is null)
        {
            await Task.Delay(s_interval, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (Stopwatch.GetElapsedTime(started) > _options.MaxWallTime)
            {
                Break("");
            }
            else if (_isReady)
            {
                var (time, bytes) = Usage();
                _peakBytes = Math.Max(_peakBytes, bytes - _bytesBefore);
                _milliseconds = Math.Max(_milliseconds, (long)(time - _timeBefore).TotalMilliseconds);
                if (time - _timeBefore > _options.MaxProcessorTime)
                {
                    Break(TooLong());
                }
                else if (bytes - _bytesBefore > _options.MaxMemoryBytes)
                {
                    Break(TooLarge());
                }
            }
        }
    }

    private void Break(string limit)
    {
        _broken = limit;
        Kill();
    }

    // The reports end when the process is killed, so what was broken is known by then.
    private TrialResult? Broken() => _broken switch
    {
        null => null,
        "" => new TrialResult(
            CompilationOutcome.Unknown, _function, string.Create(CultureInfo.InvariantCulture, $"the child process made no progress within {_options.MaxWallTime.TotalSeconds:N0} s on the clock")),
        var limit => new TrialResult(CompilationOutcome.Exceeded, _function, limit),
    };

    private async Task<TrialResult> DeathAsync()
    {
        await _process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);

        // What the kernel's limits do to it, where they were quicker than the watch.
        const int ProcessorTimeSignal = 24;
        var errors = (await _errors.ConfigureAwait(false)).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var death = string.Create(CultureInfo.InvariantCulture, $"code {_process.ExitCode}{(errors.Length > 0 ? $": {errors[0]}" : "")}");
        if (_function >= 0 && _process.ExitCode == 128 + ProcessorTimeSignal)
        {
            return new TrialResult(CompilationOutcome.Exceeded, _function, TooLong());
        }

        if (_function >= 0 && errors.Any(line => line.Contains("memory", StringComparison.OrdinalIgnoreCase)))
        {
            return new TrialResult(CompilationOutcome.Exceeded, _function, TooLarge());
        }

        return _function < 0
            ? new TrialResult(CompilationOutcome.Unknown, -1, $"the child process ended before it compiled anything, with {death}")
            : new TrialResult(CompilationOutcome.Exceeded, _function, $"the compiler ended its process, with {death}");
    }

    private string TooLong() => string.Create(CultureInfo.InvariantCulture, $"more than {_options.MaxProcessorTime.TotalMilliseconds:N0} ms of processor time");

    private string TooLarge() => string.Create(CultureInfo.InvariantCulture, $"more than {_options.MaxMemoryBytes >> 20:N0} MiB of memory");

    private (TimeSpan Time, long Bytes) Usage()
    {
        try
        {
            _process.Refresh();
            return _process.HasExited ? default : (_process.TotalProcessorTime, _process.WorkingSet64);
        }
        catch (Exception gone) when (gone is InvalidOperationException or ExternalException)
        {
            return default; // It ended in between, and what the kernel had to say of it is gone.
        }
    }

    private void Kill()
    {
        try
        {
            _process.Kill();
        }
        catch (Exception gone) when (gone is InvalidOperationException or ExternalException)
        {
            // It has ended.
        }
    }
}
