using HostService.Runtime.Benchmarks.Measuring;
using HostService.Runtime.Benchmarks.Modules;
using HostService.Runtime.Benchmarks.Peers;
using HostService.Runtime.Benchmarks.Peers.V8;
using HostService.Runtime.Benchmarks.Reporting;
using HostService.Runtime.Benchmarks.Rows;
using HostService.Runtime.Benchmarks.Targets;

namespace HostService.Runtime.Benchmarks;

/// <summary><c>ratio</c>: every row, ours against the peer's, in turn.</summary>
internal static class RatioCommand
{
    public static int Run(Options options)
    {
        var effort = options.Has("--quick") ? Effort.Quick : Effort.Full;
        using var ours = Contestants.NewOurs();
        using var theirs = Contestants.NewWasmtime(options.KeepResidentBytes);
        using var uninterruptible = Contestants.NewOursWithoutChecks();
        using var v8 = new V8Peer();
        var groups = new RowGroup[]
        {
            new InstantiateRows(ours, theirs, effort),
            new CallRows(ours, theirs, effort),
            new ExceptionRows("exceptions", ours, theirs, effort, ExceptionModules.Standard),
            new ExceptionRows("exceptions_v8", ours, v8, effort, ExceptionModules.Legacy),
            new ComputeRows("compute", ours, theirs, effort, Kernel.All(), options.Has("--native")),
            new ComputeRows("checks", ours, uninterruptible, effort, Kernel.All(), native: false),
            new CompileRows(ours, theirs, effort),
            new ProgramRows(ours, theirs, effort),
            new LifecycleRows(ours, theirs, effort),
        };
        var wanted = options.Value("--group");
        return Print(groups.Where(g => wanted is null || g.Name == wanted), ours, theirs, options.Value("--json"), withTargets: true);
    }

    /// <returns>0, or 1 when a row failed.</returns>
    internal static int Print(IEnumerable<RowGroup> groups, IPeer ours, IPeer theirs, string? json, bool withTargets = false)
    {
        var report = new TextReport(Console.Out);
        report.Heading(Machine.Describe());
        report.Heading($"ours:     {ours.Configuration}");
        report.Heading($"wasmtime: {theirs.Configuration}");
        report.Heading("Times per operation, medians of rounds that run in turn; ratio is ours divided by the other's, below 1 is faster.");
        var rows = new List<Row>();
        foreach (var group in groups)
        {
            report.BeginGroup(group.Name, group.PeerName);
            if (group.PeerName != theirs.Name)
                report.Heading($"({group.PeerName}: {group.PeerConfiguration})");
            foreach (var row in group.Measure())
            {
                report.Add(row);
                if (!row.IsUnsupported)
                    rows.Add(row);
            }
        }

        if (withTargets)
            report.Add(TargetList.All, new Measured(rows));
        if (json is not null)
            JsonReport.Write(json, rows);
        return rows.Exists(r => r.Error is not null) ? 1 : 0;
    }
}
