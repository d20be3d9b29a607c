using BenchmarkDotNet.Running;
using HostService.Runtime.Benchmarks;

var options = new Options(args);
switch (options.Positional)
{
    case ["ratio"]:
        return RatioCommand.Run(options);
    case ["kernel", ..]:
        return FileCommands.RunKernel(options);
    case ["compile", ..]:
        return FileCommands.RunCompile(options);
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Options).Assembly).Run(args);
        return 0;
}
