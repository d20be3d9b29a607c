namespace HostService.Host.Integration;

/// <summary>A module that is quick to compile and takes many seconds to optimise, so that tests can look at the background while it works.</summary>
internal static class LargeModule
{
    /// <summary>How many functions it has.</summary>
    public const int Functions = 5_000;

    // About 2 KB of code in each function, which is some milliseconds of the optimiser's time.
    private const int Steps = 250;

    private static readonly Lazy<byte[]> s_binary = new(Build);

    /// <summary>The binary. Its first function is exported as <c>f</c> and adds one to its argument.</summary>
    public static byte[] Binary => s_binary.Value;

    private static byte[] Build()
    {
        // (func (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
        byte[] first = [0, 0x20, 0, 0x41, 1, 0x6A, 0x0B];
        var code = new List<byte>();
        Add(code, Functions);
        Add(code, first.Length);
        code.AddRange(first);
        for (var number = 1; number < Functions; number++)
        {
            var body = new List<byte> { 0, 0x20, 0 };
            for (var step = 0; step < Steps; step++)
            {
                // Multiply by the argument, add it rotated by a constant: nothing that folds.
                body.AddRange([0x20, 0, 0x6C, 0x20, 0, 0x41, (byte)((number + step) & 31), 0x77, 0x6A]);
            }

            body.Add(0x0B);
            Add(code, body.Count);
            code.AddRange(body);
        }

        var functions = new List<byte>();
        Add(functions, Functions);
        functions.AddRange(new byte[Functions]);
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
