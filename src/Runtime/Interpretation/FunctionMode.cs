namespace HostService.Runtime.Interpretation;

/// <summary>How a function of an interpreted module runs.</summary>
internal enum FunctionMode
{
    /// <summary>It was never called: translate it.</summary>
    Untranslated,

    /// <summary>Its steps are interpreted.</summary>
    Interpreted,

    /// <summary>Its compiled code is called: it uses what the interpreter leaves to compiled code, or it was handed over.</summary>
    Compiled,
}
