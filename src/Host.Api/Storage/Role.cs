namespace HostService.Host.Storage;

/// <summary>What a key allows. Each role may do what the ones before it may.</summary>
public enum Role
{
    /// <summary>Calls functions and reads modules.</summary>
    Invoker,

    /// <summary>Uploads, patches and deletes modules.</summary>
    Deployer,

    /// <summary>Makes tenants and keys and acts for any tenant. Never stored: the operator's key comes from the configuration.</summary>
    Operator,
}
