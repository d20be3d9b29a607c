namespace HostService.Runtime.Benchmarks.Peers;

/// <summary>One engine under measurement. The loops that are timed run inside the peer, so that no dispatch of ours is in them.</summary>
internal interface IPeer : IDisposable
{
    /// <summary>The name in the table's heading.</summary>
    string Name { get; }

    /// <summary>What the engine was configured with, as it is printed above the results.</summary>
    string Configuration { get; }

    /// <summary>Compiles a binary and resolves its imports: WASI preview 1 and <c>host.add</c> are offered.</summary>
    /// <exception cref="PeerException">The engine refuses the module.</exception>
    IPeerModule Compile(byte[] binary);

    /// <summary>Compiles modules, instantiates them in one store, each with those before it to import from, and answers the last.</summary>
    /// <exception cref="PeerException">The engine refuses a module.</exception>
    IPeerInstance Link(IReadOnlyList<(string Name, byte[] Binary)> modules);

    /// <summary>Compiles a WASI command.</summary>
    /// <exception cref="PeerException">The engine refuses the module.</exception>
    IPeerCommand CompileCommand(byte[] binary);
}

/// <summary>A compiled module whose imports are resolved.</summary>
internal interface IPeerModule : IDisposable
{
    /// <summary>Makes machine code of every function now, where the engine would otherwise wait for the first call.</summary>
    void CompileAll();

    /// <summary>New store, instance, one write of four bytes to memory when asked for, dispose: <paramref name="operations"/> times.</summary>
    void Instantiate(int operations, InstantiateKind kind);

    /// <summary>An instance in a store of its own, which lives until it is disposed.</summary>
    IPeerInstance NewInstance();
}

/// <summary>A live instance.</summary>
internal interface IPeerInstance : IDisposable
{
    /// <summary>Binds one export, so that calling the result costs no look-up. It answers the bits of the first result, or 0 where there is none.</summary>
    /// <param name="export">The exported function's name; it takes no parameter or one number.</param>
    /// <param name="argument">The argument's decimal text.</param>
    Func<ulong> Bind(string export, string argument);

    /// <summary>Calls the export <c>add: (i32, i32) → i32</c> by the fastest typed way the engine has; answers the sum of the results.</summary>
    int CallTyped(int calls);

    /// <summary>Calls the same export by the way that needs no static types.</summary>
    int CallUntyped(int calls);

    /// <summary>Calls the export <c>fail: () → ()</c>, which traps, and catches; answers how many trapped.</summary>
    int CatchTraps(int calls);
}

/// <summary>What one instantiation includes.</summary>
internal enum InstantiateKind
{
    /// <summary>A store and an instance.</summary>
    Plain,

    /// <summary>Also one write to memory, by the host.</summary>
    Write,

    /// <summary>Also a call of the export <c>write: (i32) → ()</c>, found by its name, which writes to memory.</summary>
    GuestWrite,

    /// <summary>Also a WASI context with one argument and one environment variable.</summary>
    Wasi,
}

/// <summary>An engine refused something; the row becomes an error.</summary>
internal sealed class PeerException(string message) : Exception(message);
