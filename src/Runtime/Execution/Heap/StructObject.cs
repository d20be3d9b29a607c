namespace HostService.Runtime.Execution.Heap;

/// <summary>The base of all structures: each structure type is a CLR class below it, with a typed field for each field, and a subtype is a subclass.</summary>
internal abstract class StructObject;
