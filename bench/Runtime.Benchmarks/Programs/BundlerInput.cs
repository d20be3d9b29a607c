using System.Globalization;
using System.Text;

namespace HostService.Runtime.Benchmarks.Programs;

/// <summary>A folder of TypeScript modules for a bundler, the same each time: classes, generics, enumerations, closures, templates, regular expressions, comments.</summary>
internal sealed class BundlerInput : IDisposable
{
    private const int Modules = 150;
    private const int ClassesPerModule = 12;

    public BundlerInput()
    {
        var main = new StringBuilder();
        for (var i = 0; i < Modules; i++)
        {
            File.WriteAllText(Path.Combine(Folder, $"m{i}.ts"), Module(i));
            main.Append(CultureInfo.InvariantCulture, $"import {{ run as run{i} }} from './m{i}';\nconsole.log(run{i}({i}));\n");
        }

        File.WriteAllText(Path.Combine(Folder, "main.ts"), main.ToString());
    }

    /// <summary>Where it is; its entry is <c>main.ts</c>.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("hostservice-bundler-").FullName;

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static string Module(int number)
    {
        var text = new StringBuilder();
        if (number > 0)
            text.Append(CultureInfo.InvariantCulture, $"import {{ run as before }} from './m{number - 1}';\n");
        for (var i = 0; i < ClassesPerModule; i++)
            text.Append(Class(number, i));
        text.Append(CultureInfo.InvariantCulture, $"export const run = (depth: number): string => depth <= 0 ? '' : new Shape{number}_0(depth).describe() + {(number > 0 ? "before(depth - 1)" : "''")};\n");
        return text.ToString();
    }

    private static string Class(int module, int number)
    {
        var name = $"{module}_{number}";
        return $$"""
            /** Shape {{name}}: what the bundler must parse, bind, rename and print. */
            enum Kind{{name}} { None, Circle = {{number + 2}}, Square = Circle << 1, Label = "text" }
            interface Options{{name}}<T> { readonly size: number; items?: Array<T>; callback?: (item: T, index: number) => void }
            class Shape{{name}} {
              private readonly values: number[] = [];
              static count = 0;
              constructor(public size: number, options: Partial<Options{{name}}<string>> = {}) {
                const { items = [], callback } = options;
                items.forEach((item, index) => callback?.(item, index));
                for (let i = 0; i < size % 17; i++) {
                  if (i % 3 === 0) { continue; } else if (i > {{number + 9}}) { break; }
                  this.values.push((i * {{module + 3}} + (size >>> 1)) & 0xff);
                }
                Shape{{name}}.count++;
              }
              get area(): number { return this.values.reduce((sum, value) => sum + value ** 2, 0) / (this.size || 1); }
              kind(): Kind{{name}} {
                switch (this.size % 3) {
                  case 0: return Kind{{name}}.None;
                  case 1: return Kind{{name}}.Circle;
                  default: return this.values.length > 4 ? Kind{{name}}.Square : Kind{{name}}.Label;
                }
              }
              describe(): string {
                const escaped = `${this.size}`.replace(/[.*+?^$()|[\]\\]/g, '\\$&');
                try { return `<shape name="s{{name}}" area=${this.area.toFixed(2)}>${escaped}</shape>`; }
                catch (error) { return (error as Error)?.message ?? 'unknown'; }
                finally { this.values.length = 0; }
              }
              async *walk(limit: number = {{number}}): AsyncGenerator<[number, string]> {
                const table = new Map<string, number>(Object.entries({ a: 1, 'b-c': 2, ...{ d: limit } }));
                for (const [key, value] of table) { if (value !== limit) yield [value, key.toUpperCase()]; }
              }
            }

            """;
    }
}
