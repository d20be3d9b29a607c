using HostService.Runtime.Parallelism;
using HostService.Support;
using Xunit;

namespace HostService.Runtime.Tests.Parallelism;

[Collection(AloneCollection.Name)]
public class SharedWorkTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Fact]
    public void Work_OfABlockedPool_IsDoneByTheCaller()
    {
        var calls = 0;
        using var pool = new BlockedPool();

        Assert.True(Ends(() => SharedWork.Run(4, () => Interlocked.Increment(ref calls))));

        Assert.Equal(1, calls);
    }

    [Fact]
    public void Module_InAProcessWhosePoolIsBlocked_IsCompiledAndPrepared()
    {
        using var engine = new Engine(new EngineOptions { MaxCompilationThreads = 4, Compilation = CompilationStrategy.Baseline });
        using var pool = new BlockedPool();

        // Of one batch, and of several, which are validated by several threads too.
        Assert.True(Ends(() => Use("(module (func (export \"f\") (result i32) (i32.const 7)))")));
        Assert.True(Ends(() => Use($"""
            (module (func (export "f") (result i32) (i32.const 7))
              {string.Concat(Enumerable.Repeat($"(func (drop (i32.add {string.Concat(Enumerable.Repeat("(i32.add (i32.const 1) ", 400))} (i32.const 1) {new string(')', 400)} (i32.const 2))))", 500))})
            """)));

        void Use(string text)
        {
            using var module = Module.Compile(engine, Wat.ToBinary(text));
            module.Prepare();
            using var store = new Store(engine);
            Assert.Equal(7, new Linker(engine).Instantiate(store, module).GetFunction("f")!.Call()[0].I32);
        }
    }

    [Fact]
    public void Work_OnSeveralThreads_EndsWhenAllHaveEnded()
    {
        const int Pieces = 10_000;
        for (var round = 0; round < 200; round++)
        {
            var (next, done, working) = (0, 0, 0);

            SharedWork.Run(4, () =>
            {
                Interlocked.Increment(ref working);
                while (Interlocked.Increment(ref next) <= Pieces)
                {
                    Interlocked.Increment(ref done);
                }

                Interlocked.Decrement(ref working);
            });

            Assert.Equal((Pieces, 0), (done, working));
        }
    }

    [Fact]
    public void Work_ThatFailsOnAnotherThread_FailsForTheCallerOnceAllHaveEnded()
    {
        var caller = Environment.CurrentManagedThreadId;
        using var failing = new ManualResetEventSlim();
        var ended = false;

        var failure = Assert.Throws<InvalidDataException>(() => SharedWork.Run(2, () =>
        {
            if (Environment.CurrentManagedThreadId != caller)
            {
                failing.Set();
                throw new InvalidDataException("helper");
            }

            Assert.True(failing.Wait(s_patience));
            ended = true;
        }));

        Assert.Equal(("helper", true), (failure.Message, ended));
    }

    // On a thread of its own, which is none of the pool's.
    private static bool Ends(Action action)
    {
        var failure = (Exception?)null;
        var thread = new Thread(() =>
        {
            try
            {
                action();
            }
            catch (Exception wrong)
            {
                failure = wrong;
            }
        }) { IsBackground = true };
        thread.Start();
        var ends = thread.Join(s_patience);
        Assert.Null(failure);
        return ends;
    }
}
