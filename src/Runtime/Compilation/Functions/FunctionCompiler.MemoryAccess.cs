using HostService.Runtime.Compilation.IL;
using HostService.Runtime.Errors;

namespace HostService.Runtime.Compilation.Functions;

/// <content>What a memory access strategy sees of the compiler.</content>
internal sealed partial class FunctionCompiler
{
    /// <summary>What may be emitted for an access to one memory.</summary>
    internal readonly struct MemoryAccessContext(FunctionCompiler compiler, int memory, ulong? touchEnd)
    {
        /// <summary>The writer.</summary>
        public ILWriter IL => compiler._il;

        /// <summary>The instruction, in bytes from the start of the binary.</summary>
        public int InstructionOffset => compiler._offset;

        /// <summary>Where, counted from the index, the bytes end of which the last must be touched before the access; null when the access itself faults or can't.</summary>
        public ulong? TouchEnd => touchEnd;

        /// <summary>Whether the function is so large that checks must not add blocks of their own.</summary>
        public bool AvoidsBlocks => compiler.AvoidsBlocks;

        /// <summary>Pushes the <see cref="Execution.LinearMemories.LinearMemory"/>.</summary>
        public void LoadMemory() => compiler.LoadMemory(memory);

        /// <summary>Pushes the native address of the memory's first byte.</summary>
        public void LoadBase() => compiler.LoadBase(memory);

        /// <summary>A label at which the instruction traps.</summary>
        public ILLabel TrapStub(TrapCode code) => compiler.TrapStub(code);

        /// <summary>A local to use until <see cref="Release"/>.</summary>
        public int Temporary(ILType type) => compiler.TemporaryFor(type);

        /// <summary>Gives a local back.</summary>
        public void Release(ILType type, int local) => compiler.Release(type, local);
    }
}
