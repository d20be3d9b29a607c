namespace HostService.Runtime.Compilation.Background;

/// <summary>The functions of a module whose first instances are interpreted. Thread-safe.</summary>
internal interface IInterpretedFunctions
{
    /// <summary>Those that ran, counted without the imported ones.</summary>
    IReadOnlyList<int> Ran();

    /// <summary>Those that were called often and don't run compiled yet, with all that they call and that ran.</summary>
    IReadOnlyList<int> RanOften();

    /// <summary>Has functions run in their compiled code from now on, which must be there.</summary>
    void UseCompiled(IReadOnlyList<int> functions);
}
