using HostService.Support;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace HostService.Deploy.Tests;

/// <summary>The compose file, as far as it can be checked where there is no container engine.</summary>
public class ComposeFileTests
{
    private readonly YamlMappingNode _compose = YamlFile.Load("docker-compose.yml");

    public static TheoryData<string> Services => [.. YamlFile.Load("docker-compose.yml").Keys("services")];

    [Fact]
    public void Services_AreTheServiceAndWhatWatchesIt() =>
        Assert.Superset(new HashSet<string> { "hostservice", "prometheus", "collector" }, _compose.Keys("services").ToHashSet());

    [Theory]
    [MemberData(nameof(Services))]
    public void Service_Mounts_OnlyWhatExists(string service)
    {
        var sources = _compose.Items("services", service, "volumes").Select(volume => volume.Split(':')[0]);

        Assert.All(sources, source =>
        {
            if (source.StartsWith("./", StringComparison.Ordinal))
            {
                Assert.True(Path.Exists(Repository.PathOf(source)), $"{source} does not exist.");
            }
            else
            {
                Assert.Contains(source, _compose.Keys("volumes"));
            }
        });
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void Service_Names_OnlyServicesAndSecretsThatExist(string service)
    {
        Assert.Subset(_compose.Keys("services").ToHashSet(), _compose.Items("services", service, "depends_on").ToHashSet());
        Assert.Subset(_compose.Keys("secrets").ToHashSet(), _compose.Items("services", service, "secrets").ToHashSet());
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void Service_HasNoMorePrivilegesThanItNeeds(string service)
    {
        Assert.Contains("no-new-privileges:true", _compose.Items("services", service, "security_opt"));
        Assert.Equal(["ALL"], _compose.Items("services", service, "cap_drop"));
        Assert.Null(_compose.Text("services", service, "privileged"));
    }

    [Fact]
    public void HostService_IsReadOnly_ExceptForItsDataAndItsTemporaryFiles()
    {
        Assert.Equal("true", _compose.Text("services", "hostservice", "read_only"));
        Assert.Equal(["data:" + Dockerfile.Load().Environment["HostService__DataDirectory"]], _compose.Items("services", "hostservice", "volumes"));
        Assert.StartsWith("/tmp", Assert.Single(_compose.Items("services", "hostservice", "tmpfs")), StringComparison.Ordinal);
    }

    [Fact]
    public void HostService_PublishesThePortOfTheImage() =>
        Assert.Equal([$"8080:{Dockerfile.Load().Single("EXPOSE")}"], _compose.Items("services", "hostservice", "ports"));

    [Fact]
    public void OperatorKey_HasNoDefault_AndReachesServiceAndPrometheusFromOneVariable()
    {
        Assert.StartsWith("${HOSTSERVICE_OPERATOR_KEY:?", _compose.Text("services", "hostservice", "environment", "HostService__OperatorKey"), StringComparison.Ordinal);
        Assert.Equal("HOSTSERVICE_OPERATOR_KEY", _compose.Text("secrets", "operator-key", "environment"));
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void Image_IsPinned(string service)
    {
        var image = _compose.Text("services", service, "image");

        Assert.NotNull(image);
        Assert.Matches(@":(local|v?\d+\.\d+\.\d+)$", image);
    }
}
