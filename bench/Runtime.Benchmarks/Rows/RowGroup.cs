using HostService.Runtime.Benchmarks.Measuring;
using HostService.Runtime.Benchmarks.Peers;

namespace HostService.Runtime.Benchmarks.Rows;

/// <summary>A group of rows; a row that fails is reported in its place and does not stop the others.</summary>
internal abstract class RowGroup(string name, Unit unit, IPeer ours, IPeer theirs, Effort effort)
{
    public string Name => name;

    /// <summary>Whom we are compared with.</summary>
    public string PeerName => theirs.Name;

    /// <summary>How the other one is configured.</summary>
    public string PeerConfiguration => theirs.Configuration;

    protected Unit Unit => unit;

    protected IPeer Ours => ours;

    protected IPeer Theirs => theirs;

    protected Effort Effort => effort;

    protected Contest Contest { get; } = new(effort);

    /// <summary>Measures row by row, so that each can be printed when it is there.</summary>
    public abstract IEnumerable<Row> Measure();

    protected Row Try(string row, Func<Row> measure)
    {
        try
        {
            return measure();
        }
#pragma warning disable CA1031 // Whatever an engine throws is the row's result.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return Row.Failed(Name, row, Unit, $"{exception.GetType().Name}: {exception.Message}");
        }
    }

    /// <summary>Compiles on both sides and measures; what both sides answer must be equal.</summary>
    protected Row Compare(string row, byte[] binary, Func<IPeerModule, IPeerModule, Row> measure) => Try(row, () =>
    {
        using var oursModule = Ours.Compile(binary);
        using var theirsModule = Theirs.Compile(binary);
        return measure(oursModule, theirsModule);
    });

    protected static void RequireEqual<T>(T ours, T theirs) where T : IEquatable<T>
    {
        if (!ours.Equals(theirs))
            throw new PeerException($"results differ: ours {ours}, theirs {theirs}");
    }
}
