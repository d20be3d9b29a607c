namespace HostService.Runtime.Debugging;

/// <summary>The files of a line program, by number. Their table is read anew for each file that is asked for: of most units that is one.</summary>
internal sealed class DwarfFiles(DwarfSections sections, DwarfUnit unit, DwarfLineHeader header, int tables)
{
    private const int TablesVersion = 5;
    private const ulong Path = 1;
    private const ulong DirectoryIndex = 2;

    private readonly Dictionary<ulong, string?> _paths = [];

    /// <summary>The path of a file, from the compilation directory on; null when there is no such file.</summary>
    public string? PathOf(ulong file, DwarfBudget budget)
    {
        if (!_paths.TryGetValue(file, out var path))
        {
            path = ReadPath(file, budget);
            _paths.Add(file, path);
        }

        return path;
    }

    private string? ReadPath(ulong file, DwarfBudget budget)
    {
        var reader = sections.Read(sections.Lines, (ulong)tables, budget);
        reader.Is64 = header.Is64;
        var (name, directory) = header.Version >= TablesVersion ? FindInTables(reader, file, budget) : FindInLists(reader, file);
        return name is null ? null : Join(unit.CompilationDirectory(budget), Join(directory ?? "", name));
    }

    private static string Join(string directory, string path) =>
        directory.Length == 0 || IsAbsolute(path) ? path : directory.EndsWith('/') || directory.EndsWith('\\') ? directory + path : $"{directory}/{path}";

    // Of whatever system it was compiled on.
    private static bool IsAbsolute(string path) => path is ['/', ..] or ['\\', ..] or [_, ':', ..];

    // Directories and files are numbered from 1; directory 0 is the compilation directory. Each list ends with an empty text.
    private static (string? Name, string? Directory) FindInLists(DwarfReader reader, ulong file)
    {
        var directories = reader.Position;
        while (NextText(ref reader))
        {
        }

        for (ulong i = 1; NextText(ref reader, out var start); i++)
        {
            var directory = reader.Uleb();
            reader.Uleb(); // time
            reader.Uleb(); // length
            if (i == file)
            {
                reader.Seek((ulong)start);
                var name = reader.Text();
                reader.Seek((ulong)directories);
                return (name, directory == 0 ? null : TextAt(reader, directory));
            }
        }

        return default;
    }

    private static string? TextAt(DwarfReader reader, ulong number)
    {
        for (ulong i = 1; NextText(ref reader, out var start); i++)
        {
            if (i == number)
            {
                reader.Seek((ulong)start);
                return reader.Text();
            }
        }

        return null;
    }

    private static bool NextText(ref DwarfReader reader) => NextText(ref reader, out _);

    private static bool NextText(ref DwarfReader reader, out int start)
    {
        start = reader.Position;
        reader.SkipText();
        return reader.Position > start + 1;
    }

    // Version 5: both are tables whose columns are described first, numbered from 0; directory 0 is the compilation directory.
    private (string? Name, string? Directory) FindInTables(DwarfReader reader, ulong file, DwarfBudget budget)
    {
        var directories = reader.Position;
        FindRow(ref reader, ulong.MaxValue);
        if (FindRow(ref reader, file) is not { } found)
        {
            return default;
        }

        reader.Seek((ulong)directories);
        return (TextOf(found.Path, budget), FindRow(ref reader, found.Directory) is { } directory ? TextOf(directory.Path, budget) : null);
    }

    // The reader is behind the table when there is no such row.
    private (DwarfValue Path, ulong Directory)? FindRow(ref DwarfReader reader, ulong number)
    {
        var columns = new (ulong Content, DwarfForm Form)[reader.U8()];
        for (var i = 0; i < columns.Length; i++)
        {
            columns[i] = (reader.Uleb(), (DwarfForm)reader.Uleb());
        }

        var count = reader.Uleb();
        for (ulong i = 0; i < count; i++)
        {
            var (path, directory) = (default(DwarfValue), 0UL);
            reader.Skip(0); // a row without columns takes no byte, but a step
            foreach (var (content, form) in columns)
            {
                var value = DwarfValue.Read(ref reader, form, 0, header.AddressBytes, header.Version);
                if (content == Path)
                {
                    path = value;
                }
                else if (content == DirectoryIndex)
                {
                    directory = value.Number;
                }
            }

            if (i == number)
            {
                return (path, directory);
            }
        }

        return null;
    }

    // A text in place is in the section of line programs, and not in that of the units.
    private string? TextOf(in DwarfValue value, DwarfBudget budget) =>
        value.Form == DwarfForm.String ? sections.Read(sections.Lines, value.Number, budget).Text() : unit.Text(value, budget);
}
