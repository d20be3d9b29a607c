namespace HostService.RealPrograms.Tour;

/// <summary>One command of the README's tour and the output that the README shows under it.</summary>
internal sealed record TourStep(string Command, string Output)
{
    /// <summary>The steps of every <c>console</c> block below the tour's heading. A command follows <c>$ </c> and goes on after a backslash.</summary>
    public static IReadOnlyList<TourStep> Parse(string readme, string heading)
    {
        var steps = new List<TourStep>();
        var lines = readme.Split('\n').SkipWhile(line => line != heading).Skip(1).TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal));
        var inBlock = false;
        foreach (var line in lines)
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                inBlock = line == "```console";
            }
            else if (inBlock)
            {
                Add(steps, line);
            }
        }

        return steps;
    }

    private static void Add(List<TourStep> steps, string line)
    {
        if (line.StartsWith("$ ", StringComparison.Ordinal))
        {
            steps.Add(new TourStep(line[2..], ""));
        }
        else if (steps is [.., { Output: "" } open] && open.Command.EndsWith('\\'))
        {
            steps[^1] = open with { Command = $"{open.Command}\n{line}" };
        }
        else if (steps is [.., var last])
        {
            steps[^1] = last with { Output = $"{last.Output}{line}\n" };
        }
    }
}
