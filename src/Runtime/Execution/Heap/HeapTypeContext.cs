using System.Reflection;
using System.Runtime.Loader;
using HostService.Runtime.Execution.Signatures;
using HostService.Runtime.Types;

namespace HostService.Runtime.Execution.Heap;

/// <summary>A collectible load context for the CLR types of some recursive groups that were registered together. Thread-safe.</summary>
/// <remarks>
/// It goes when none of the groups, no code that names one and no object of one is left. A context has heaps of its own, seven memory mappings, of which a process has a limited number (docs/adr/0122):
/// in one for each group, the types of one module took those of the whole process.
/// </remarks>
/// <param name="registry">Finds other groups by name.</param>
internal sealed class HeapTypeContext(SignatureRegistry registry)
{
    // Made when the first of the groups is needed: most never are.
    private readonly Lazy<LoadContext> _context = new(() => new LoadContext(registry));

    /// <summary>Loads the image of a group.</summary>
    public Assembly Load(byte[] image) => _context.Value.LoadFromStream(new MemoryStream(image, writable: false));

    /// <summary>Hands out contexts, each to a few groups. For one registration; not thread-safe.</summary>
    internal sealed class Run(SignatureRegistry registry)
    {
        // One that another module has too keeps them all: few enough that this is no matter, and enough that the context's own mappings are not either.
        private const int GroupsPerContext = 32;
        private HeapTypeContext? _current;
        private int _left;

        /// <summary>The context of the next group.</summary>
        public HeapTypeContext Next()
        {
            if (_current is null || _left == 0)
            {
                (_current, _left) = (new HeapTypeContext(registry), GroupsPerContext);
            }

            _left--;
            return _current;
        }
    }

    private sealed class LoadContext(SignatureRegistry registry) : AssemblyLoadContext(name: null, isCollectible: true)
    {
        protected override Assembly? Load(AssemblyName assemblyName) =>
            assemblyName.Name == typeof(StructObject).Assembly.GetName().Name ? typeof(StructObject).Assembly
            : HeapTypeNames.IsGroupAssembly(assemblyName.Name!) ? registry.FindHeapTypes(assemblyName.Name!)?.Assembly
            : null;
    }
}
