namespace HostService.Architecture.Tests;

/// <summary>Who may see whom inside the engine. "Sees" is transitive: who may see Syntax may see what Syntax sees.</summary>
internal static class Arrows
{
    public const string Root = "HostService.Runtime";

    /// <summary>Stands for the types of the root namespace: the objects that a caller holds.</summary>
    private const string Api = "";

    // One row per folder of src/Runtime. WASI is absent on purpose: it sees the public API only, which is another rule.
    // Store, Module and their kin are the outside of what Execution and Linking are the inside of (docs/adr/0040), and what a trial compiles: these three may
    // name them. That arrow is not followed further, because the public API puts everything together and sees all of it.
    private static readonly Dictionary<string, string[]> s_sees = new()
    {
        ["Errors"] = [],
        ["Types"] = ["Errors"],
        ["Syntax"] = ["Types"],
        ["Binary"] = ["Syntax"],
        ["Parallelism"] = [],
        ["Validation"] = ["Syntax", "Parallelism"],
        ["Debugging"] = ["Syntax"],
        ["CoreDumps"] = ["Validation", "Execution"],
        ["Execution"] = ["Syntax", "Interpretation", Api],
        ["Interpretation"] = ["Syntax", "Execution", Api],
        ["Compilation"] = ["Validation", "Execution"],
        ["Tiering"] = ["Compilation", "Interpretation"],
        ["Linking"] = ["Execution", Api],
        ["Trials"] = ["Compilation", "Binary", Api],
    };

    /// <summary>Every folder that has a row, and the public API, which puts all of them together.</summary>
    public static IEnumerable<string> Namespaces => s_sees.Keys.Select(folder => $"{Root}.{folder}").Append(Root);

    /// <summary>The namespace of <see cref="Namespaces"/> that a namespace of the engine falls under; null where none does.</summary>
    public static string? RuleFor(string ns) => Namespaces.FirstOrDefault(known => FolderOf(known) == FolderOf(ns));

    public static bool Allows(string from, string to) =>
        FolderOf(from) == FolderOf(to) || (from == Root ? to.StartsWith(Root, StringComparison.Ordinal) && !IsWasi(to) : Closure(FolderOf(from)).Contains(FolderOf(to)));

    public static bool IsWasi(string ns) => ns == $"{Root}.Wasi" || ns.StartsWith($"{Root}.Wasi.", StringComparison.Ordinal);

    /// <summary>The folder of src/Runtime that a namespace belongs to; a folder below it has the same rule.</summary>
    private static string FolderOf(string ns) => ns.Length > Root.Length ? ns[(Root.Length + 1)..].Split('.')[0] : "";

    private static HashSet<string> Closure(string folder)
    {
        var seen = new HashSet<string>();
        var open = new Queue<string>([folder]);
        while (open.TryDequeue(out var next))
        {
            if (seen.Add(next) && s_sees.TryGetValue(next, out var direct))
            {
                Array.ForEach(direct, open.Enqueue);
            }
        }

        return seen;
    }
}
