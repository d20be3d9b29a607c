namespace HostService.Host.Storage;

/// <summary>What roles are called in the database, in requests and in answers.</summary>
public static class RoleWords
{
    /// <summary>The role's name.</summary>
    public static string Word(this Role role) => role switch
    {
        Role.Invoker => "invoker",
        Role.Deployer => "deployer",
        _ => "operator",
    };

    /// <summary>The role that a tenant's key can have, or null when it is none of those.</summary>
    public static Role? OfKey(string? word) => word switch
    {
        "invoker" => Role.Invoker,
        "deployer" => Role.Deployer,
        _ => null,
    };
}
