using HostService.RealPrograms.Report;

// The test runner loads this assembly as a library; run as a program it measures the same binaries beside Wasmtime.
if (args is ["restart"])
{
    await Restart.RunAsync(Console.Out, Console.Error);
    return 0;
}

if (args is not ["report", .. var options] || options is not ([] or ["--json", _]))
{
    Console.Error.WriteLine("usage: dotnet run -c Release --project tests/RealPrograms -- report [--json FILE] | restart");
    return 2;
}

var lines = await Measurement.RunAsync(Console.Error);
ReportText.Print(Console.Out, lines);
if (options is ["--json", var file])
{
    await ReportText.WriteJsonAsync(file, lines);
}

return 0;
