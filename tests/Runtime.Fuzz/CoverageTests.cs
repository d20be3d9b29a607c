using CsCheck;
using HostService.Runtime.Fuzz.Generation;
using HostService.Runtime.Interpretation;
using HostService.Runtime.Syntax;
using HostService.Support;
using Xunit;

namespace HostService.Runtime.Fuzz;

/// <summary>The generators of modules know the instruction table, and docs/fuzzing.md says how well; and the interpreter has its share.</summary>
public sealed class CoverageTests
{
    private const string Begin = "<!-- coverage -->\n";
    private const string End = "<!-- /coverage -->";

    [Fact]
    public void Generators_WriteEveryInstruction()
    {
        var found = Coverage.Measure();
        var missing = InstructionTable.Rows.Where(row => !found.Contains(row.Op)).Select(row => row.Text);
        Assert.Equal([], missing);

        // UPDATE_GOLDEN=1 writes the table.
        var file = Repository.PathOf("docs", "fuzzing.md");
        var text = File.ReadAllText(file);
        var (start, end) = (text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, text.IndexOf(End, StringComparison.Ordinal));
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(file, text[..start] + Coverage.Table(found) + text[end..]);
        }
        else
        {
            Assert.Equal(Coverage.Table(found), text[start..end]);
        }
    }

    [Fact]
    public void Generators_WriteFunctionsThatAreInterpreted()
    {
        using var engine = new Engine(new EngineOptions { Features = ModuleGen.Features | LegacyModuleGen.Features, Compilation = CompilationStrategy.Interpreted });
        foreach (var generator in new Gen<byte[]>[] { new ModuleGen(120), new LegacyModuleGen(120) })
        {
            var (interpreted, all) = (0, 0);
            for (var i = 0u; i < 100; i++)
            {
                using var module = Module.Compile(engine, generator.Generate(new PCG(i, 20), null, out _));
                all += module.Syntax.Bodies.Length;
                interpreted += Enumerable.Range(0, module.Syntax.Bodies.Length).Count(function => IsInterpreted(module.Interpreter!, function + module.Syntax.ImportedFunctionCount));
            }

            Assert.InRange((double)interpreted / all, 0.2, 0.8);
        }
    }

    private static unsafe bool IsInterpreted(InterpretedModule module, int function) => module.Find(function) is not null;
}
