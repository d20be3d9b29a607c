using System.Collections.Concurrent;
using System.Diagnostics.Tracing;
using System.Globalization;
using System.Text;
using HostService.Support;
using Xunit;

namespace HostService.Runtime.Tests.Compilation;

/// <summary>Which functions are over a limit of RyuJIT's optimiser is known before it compiles them, and it agrees.</summary>
[Collection(AloneCollection.Name)]
public sealed class OptimizerLimitTests
{
    private static readonly string s_locals = string.Concat(Enumerable.Range(1, 2_100).Select(local => string.Create(CultureInfo.InvariantCulture, $"(local.set {local} (i32.add (local.get {local - 1}) (i32.const 1)))\n")));

    public static TheoryData<string, string, OptimizerLimitCounts> Functions => new()
    {
        { "code bytes", Repeat(2_100, "i64.const 1 i64.const 2 i64.add i64.const 3 i64.add drop"), new(1, 1, 0, 0, 0, 0) },
        { "instructions", Repeat(5_100, "i32.const 1 i32.const 2 i32.add drop"), new(1, 0, 1, 0, 0, 0) },
        { "blocks", Repeat(1_200, "block local.get 0 br_if 0 end"), new(1, 0, 0, 1, 0, 0) },
        { "locals", s_locals, new(1, 0, 0, 0, 1, 0) },
        { "uses of locals", Repeat(4_100, "local.get 0 i32.eqz local.set 0"), new(1, 0, 0, 0, 0, 1) },
        { "instructions and uses of locals", Repeat(5_100, "local.get 0 i32.eqz local.set 0"), new(1, 0, 1, 0, 0, 1) },
        { "few code bytes", Repeat(1_800, "i64.const 1 i64.const 2 i64.add i64.const 3 i64.add drop"), default },
        { "few instructions", Repeat(4_900, "i32.const 1 i32.const 2 i32.add drop"), default },
        { "few blocks", Repeat(900, "block local.get 0 br_if 0 end"), default },
        { "few uses of locals", Repeat(3_900, "local.get 0 i32.eqz local.set 0"), default },
    };

    [Theory]
    [MemberData(nameof(Functions))]
    public void Statistics_FunctionOverALimit_NameIt(string what, string body, OptimizerLimitCounts expected)
    {
        using var engine = new Engine();
        using var module = Module.Compile(engine, Wat.ToBinary($"(module (func (param i32) (local{string.Concat(Enumerable.Repeat(" i32", body == s_locals ? 2_100 : 0))}) {body}))"));
        using var jit = new JitTiers();

        module.Prepare();

        Assert.True(expected == module.GetStatistics().OverOptimizerLimits, $"{what}: {module.GetStatistics().OverOptimizerLimits}");

        // A function with a large frame has an entry stub, which is optimised.
        Assert.Equal(expected.Functions > 0 ? JitTiers.GaveUp : JitTiers.Optimized, jit.Take(expected.Locals > 0 ? 2 : 1).Min());
    }

    [Fact]
    public void Statistics_OfAStoredModule_AreThoseThatItHad()
    {
        using var engine = new Engine();
        using var module = Module.Compile(engine, Wat.ToBinary($"(module (func) (func (param i32) {Repeat(5_100, "local.get 0 i32.eqz local.set 0")}))"));
        using var again = Module.Deserialize(engine, module.Serialize());

        Assert.Equal(new OptimizerLimitCounts(1, 0, 1, 0, 0, 1), again.GetStatistics().OverOptimizerLimits);
    }

    private static string Repeat(int count, string piece) => new StringBuilder(count * (piece.Length + 1)).Insert(0, piece + " ", count).ToString();

    // What the runtime reports of methods of modules: they are called f000 and f001, in a type F0.
    private sealed class JitTiers : EventListener
    {
        public const int GaveUp = 1; // MinOptJitted
        public const int Optimized = 2;

        private const EventKeywords Jit = (EventKeywords)0x10;
        private readonly ConcurrentQueue<int> _tiers = new();

        /// <summary>The tiers of so many methods; events come a while after.</summary>
        public int[] Take(int methods)
        {
            SpinWait.SpinUntil(() => _tiers.Count >= methods, TimeSpan.FromMinutes(1));
            Assert.Equal(methods, _tiers.Count);
            return [.. _tiers];
        }

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == "Microsoft-Windows-DotNETRuntime")
            {
                EnableEvents(eventSource, EventLevel.Verbose, Jit);
            }
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            if (eventData.EventName?.StartsWith("MethodLoadVerbose", StringComparison.Ordinal) == true && Field("MethodNamespace") is "F0" && Field("MethodName") is "f000" or "f001")
            {
                _tiers.Enqueue((int)((Convert.ToUInt32(Field("MethodFlags"), CultureInfo.InvariantCulture) >> 7) & 7));
            }

            object? Field(string name) => eventData.PayloadNames!.IndexOf(name) is >= 0 and var place ? eventData.Payload![place] : null;
        }
    }
}
