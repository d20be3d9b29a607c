using HostService.Runtime.Syntax;

namespace HostService.Runtime.Execution.Tables;

/// <summary>Works out which function stands at each element of a module's own tables once its active segments are copied.</summary>
internal static class TableImages
{
    // A table larger than this, in elements, is filled at instantiation: an image of a table that is nearly empty would waste memory.
    private const ulong MaxLength = 10_000_000;

    /// <summary>Builds the images.</summary>
    /// <param name="module">The module.</param>
    /// <param name="rest">Takes the active segments that no image holds, in order.</param>
    /// <returns>By table index; null where every element is null at first or an image isn't possible.</returns>
    public static int[]?[] Build(ModuleSyntax module, List<int> rest)
    {
        var images = new int[]?[module.Tables.Length];
        var open = new bool[module.Tables.Length];
        for (var i = module.ImportedTableCount; i < open.Length; i++)
        {
            open[i] = module.Tables[i] is { Init: null, Type.Limits.Minimum: <= MaxLength };
        }

        // A segment that can trap ends instantiation, and what comes after it must then not have happened: from there on nothing goes to an image.
        var mayTrap = false;
        for (var i = 0; i < module.ElementSegments.Length; i++)
        {
            var segment = module.ElementSegments[i];
            if (segment.Mode != SegmentMode.Active)
            {
                continue;
            }

            if (!mayTrap && open[segment.Table] && segment.Functions is { } functions
                && segment.Offset.PlaceWithin(module.Tables[segment.Table].Type.Limits.Minimum, segment.Count) is { } start)
            {
                Write(ref images[segment.Table], (int)start, functions);
                continue;
            }

            // Later segments may overwrite what this one writes, so this table takes no more of them.
            open[segment.Table] = false;
            mayTrap = true;
            rest.Add(i);
        }

        return images;
    }

    private static void Write(ref int[]? image, int start, int[] functions)
    {
        var had = image?.Length ?? 0;
        if (had < start + functions.Length)
        {
            Array.Resize(ref image, start + functions.Length);
            image.AsSpan(had).Fill(-1);
        }

        functions.CopyTo(image.AsSpan(start));
    }
}
