using System.Text;
using HostService.Host.Features;
using HostService.Host.Features.Invocations;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace HostService.Host.Tests.Features;

/// <summary>A name that is no setting is refused, wherever it stands, and the one that was probably meant is named.</summary>
public class UnknownSettingsTests
{
    private static readonly SettingsSection[] s_sections =
        [new(HostServiceOptions.Section, ["DataDirectory", "OperatorKey", "LogFormat"]), SettingsSection.Of<ExecutionLimits>(ExecutionLimits.Section), SettingsSection.Of<EngineSettings>(EngineSettings.Section)];

    [Theory]
    [InlineData("HostService:Limits:CpuMiliseconds", "HostService__Limits__CpuMilliseconds")]
    [InlineData("hostservice:limits:stackbyte", "HostService__Limits__StackBytes")]
    [InlineData("HostService:Limit:StackBytes", "HostService__Limits__StackBytes")]
    [InlineData("HostService:StackBytes", "HostService__Limits__StackBytes")]
    [InlineData("HostService:Engine:StackBytes", "HostService__Limits__StackBytes")]
    [InlineData("HostService:DataDir", "HostService__DataDirectory")]
    [InlineData("HostService:Operatorkey:Value", null)]
    [InlineData("HostService:Limits", null)]
    [InlineData("HostService:Something:Entirely:Different", null)]
    public void Name_ThatIsNone_IsRefusedWithTheNearest(string path, string? nearest)
    {
        var message = Assert.Single(UnknownSettings.In(Of((path, "secret")), s_sections));

        Assert.StartsWith($"{path.Replace(":", "__", StringComparison.Ordinal)} is no setting", message, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("secret", message, StringComparison.Ordinal);
        if (nearest is not null)
        {
            Assert.EndsWith($"; the nearest one is {nearest}.", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Names_OfOtherSections_AreNoneOfOurs() => Assert.Empty(UnknownSettings.In(
        Of(
            ("Logging:LogLevel:Default", "Debug"), ("Kestrel:Limits:Whatever", "1"), ("urls", "http://localhost:1"), ("Serilog:MinimumLevel:Default", "Error"),
            // What Kubernetes tells pods of a service that is called hostservice.
            ("HOSTSERVICE_PORT", "tcp://10.0.0.1:80"), ("HOSTSERVICE_SERVICE_HOST", "10.0.0.1"),
            ("HostService:Limits", ""), ("HostService:limits:CPUMILLISECONDS", "5"), ("HostService:LogFormat", "json")),
        s_sections));

    [Fact]
    public void Names_FromEverySource_AreLookedAt()
    {
        const string Prefix = "UNKNOWN_SETTINGS_TEST_";
        Environment.SetEnvironmentVariable(Prefix + "HostService__Limits__Environmental", "1");
        using var json = new MemoryStream(Encoding.UTF8.GetBytes("""{ "HostService": { "Limits": { "InAFile": 1, "StackBytes": 65536 }, "Engine": {} }, "Other": { "Limits": 5 } }"""));
        var configuration = new ConfigurationBuilder()
            .AddJsonStream(json).AddEnvironmentVariables(Prefix).AddCommandLine(["--HostService:Limits:OnTheCommandLine=1", "--HostService:Engine:Features", "Threads"]).Build();

        Assert.Equal(
            ["HostService__Limits__Environmental", "HostService__Limits__InAFile", "HostService__Limits__OnTheCommandLine"],
            UnknownSettings.In(configuration, s_sections).Select(message => message.Split(' ')[0]));
    }

    private static IConfiguration Of(params (string Path, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Path, (string?)setting.Value))).Build();
}
