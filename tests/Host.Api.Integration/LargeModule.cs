namespace HostService.Host.Integration;

/// <summary>A module that is quick to compile and takes many seconds to optimise, so that tests can look at the background while it works.</summary>
internal static class LargeModule
{
    /// <summary>How many functions it has.</summary>
    public const int Functions = 5_000;

    // About 2 KB of code in each function, which is some milliseconds of the optimiser's time.
    private const int Steps = 250;

    private static readonly Lazy<byte[]> s_binary = new(() => OfFunctions(Functions));

    /// <summary>The binary. Its first function is exported as <c>f</c> and adds one to its argument.</summary>
    public static byte[] Binary => s_binary.Value;

    /// <summary>A module whose one function, exported as <c>f</c>, tests its argument for zero 5,100 times and gives the last answer: some 20,400 instructions of intermediate code with 10,200 uses of locals.</summary>
    public static byte[] BeyondTheOptimizer()
    {
        byte[] test = [0x20, 0, 0x45, 0x21, 0];
        return Build([[0, .. Enumerable.Repeat(test, 5_100).SelectMany(bytes => bytes), 0x20, 0, 0x0B]]);
    }

    /// <summary>The same with another number of functions, of which the optimiser makes some hundreds in a second.</summary>
    public static byte[] OfFunctions(int functions)
    {
        // (func (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
        var bodies = new List<byte[]> { new byte[] { 0, 0x20, 0, 0x41, 1, 0x6A, 0x0B } };
        for (var number = 1; number < functions; number++)
        {
            var body = new List<byte> { 0, 0x20, 0 };
            for (var step = 0; step < Steps; step++)
            {
                // Multiply by the argument, add it rotated by a constant: nothing that folds.
                body.AddRange([0x20, 0, 0x6C, 0x20, 0, 0x41, (byte)((number + step) & 31), 0x77, 0x6A]);
            }

            body.Add(0x0B);
            bodies.Add([.. body]);
        }

        return Build(bodies);
    }

    private static byte[] Build(List<byte[]> bodies)
    {
        var (functions, code) = (new List<byte>(), new List<byte>());
        Add(functions, bodies.Count);
        functions.AddRange(new byte[bodies.Count]);
        Add(code, bodies.Count);
        foreach (var body in bodies)
        {
            Add(code, body.Length);
            code.AddRange(body);
        }

        var binary = new List<byte>([0, (byte)'a', (byte)'s', (byte)'m', 1, 0, 0, 0]);
        Section(binary, 1, [1, 0x60, 1, 0x7F, 1, 0x7F]);
        Section(binary, 3, functions);
        Section(binary, 7, [1, 1, (byte)'f', 0, 0]);
        Section(binary, 10, code);
        return [.. binary];
    }

    private static void Section(List<byte> binary, byte id, List<byte> content)
    {
        binary.Add(id);
        Add(binary, content.Count);
        binary.AddRange(content);
    }

    // Unsigned LEB128.
    private static void Add(List<byte> bytes, int number)
    {
        for (; number > 0x7F; number >>= 7)
        {
            bytes.Add((byte)(number | 0x80));
        }

        bytes.Add((byte)number);
    }
}
