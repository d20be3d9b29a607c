// Drives the published service and a bare Kestrel endpoint in turn with wrk, over loopback, and compares their throughput.
// The service runs as it is delivered: keys, limits and telemetry on.
using System.Security.Cryptography;
using HostService.Load;

if (args.Contains("--help"))
{
    Console.WriteLine(Options.Usage);
    return 2;
}

var options = new Options(args);
var root = Repository.FindRoot();
var work = Directory.CreateTempSubdirectory("hostservice-load-");
try
{
    var serviceDirectory = options.ServiceDirectory ?? await PublishedProcess.PublishAsync(Path.Combine(root, "src/Host.Api"), Path.Combine(work.FullName, "service"));
    var baselineDirectory = options.BaselineDirectory
        ?? await PublishedProcess.PublishAsync(Path.Combine(root, "bench/Host.Load.Baseline"), Path.Combine(work.FullName, "baseline"));

    var operatorKey = Convert.ToHexString(RandomNumberGenerator.GetBytes(24));
    await using var service = await PublishedProcess.StartAsync(serviceDirectory, "Host.Api.dll", "/health/ready", new Dictionary<string, string>
    {
        ["HostService__OperatorKey"] = operatorKey,
        ["HostService__DataDirectory"] = Path.Combine(work.FullName, "data"),
    });
    using var client = new ServiceClient(service.Address, operatorKey);
    await client.CreateTenantAsync();
    var deployerKey = await client.CreateKeyAsync("deployer");
    var invokerKey = await client.CreateKeyAsync("invoker");

    var lines = new List<Line>();
    foreach (var scenario in Scenario.All)
    {
        var sample = Path.Combine(root, "samples", scenario.Module, scenario.Module + ".wasm");
        await client.UploadAsync(deployerKey, scenario.Module, await File.ReadAllBytesAsync(sample));
        var bodyBytes = (await client.TryOnceAsync(invokerKey, scenario)).Length;
        await using var baseline = await PublishedProcess.StartAsync(
            baselineDirectory, "Host.Load.Baseline.dll", "/allocated", new Dictionary<string, string> { ["BODY_BYTES"] = $"{bodyBytes}" });
        lines.Add(new Line(
            scenario, bodyBytes, new Side(service, client.AllocatedBytesAsync), new Side(baseline, () => Baseline.AllocatedBytesAsync(baseline.Address))));
        await Turns.RunAsync(lines[^1], invokerKey, options);
    }

    Report.Print(Console.Out, lines);
    if (options.Json is { } json)
        Report.WriteJson(json, lines);
    return lines.Exists(l => l.Service.Errors + l.Baseline.Errors > 0) ? 1 : 0;
}
finally
{
    work.Delete(recursive: true);
}
