using BenchmarkDotNet.Running;
using HostService.Runtime.Benchmarks;
using HostService.Runtime.Benchmarks.Programs;

var options = new Options(args);
switch (options.Positional)
{
    case ["ratio"]:
        return RatioCommand.Run(options);
    case ["kernel", ..]:
        return FileCommands.RunKernel(options);
    case ["compile", ..]:
        return FileCommands.RunCompile(options);
    case ["program", ..]:
        return ProgramCommand.Run(options);
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Options).Assembly).Run(args);
        return 0;
}
