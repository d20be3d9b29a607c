namespace HostService.Host.Storage;

/// <summary>How a module is called.</summary>
public enum ModuleAbi
{
    /// <summary>Exported functions with numeric parameters.</summary>
    Core,

    /// <summary>A WASI preview 1 command: it exports <c>_start</c>.</summary>
    WasiCommand,
}
