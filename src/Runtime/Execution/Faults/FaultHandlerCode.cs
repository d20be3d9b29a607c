using System.Buffers.Binary;
using HostService.Runtime.Execution.LinearMemories.Linux;

namespace HostService.Runtime.Execution.Faults;

/// <summary>The machine code of the SIGSEGV handler (x64, System V), which runs before the CLR's.</summary>
/// <remarks>
/// <code>
/// void handle(int signal, siginfo_t* info, void* context)
/// {
///     fault = table->faults[hash(thread)];
///     if (info->si_code == SEGV_ACCERR)                           // a page that may not be touched, as ours are
///         foreach (range in table->ranges)
///             if (info->si_addr - range.start &lt; range.length)      // unsigned
///             {
///                 fault.address = info->si_addr;
///                 fault.thread = thread;
///                 info->si_addr = 0;                              // the CLR takes a fault near 0 for a null dereference
///                 goto *table->previous;
///             }
///     if (fault.thread == thread)
///         fault.thread = 0;                                       // what nobody took is not this thread's last fault any more
///     goto *table->previous;
/// }
/// </code>
/// It uses registers that a callee may overwrite, and no stack: the handler's own may be the small alternate one.
/// </remarks>
internal static unsafe class FaultHandlerCode
{
    /// <summary>Where the table's address stands in the code.</summary>
    private const int TableAddressOffset = 6;

    /// <summary>Where a lone <c>ret</c> stands, which the self-test has the code jump to.</summary>
    private const int ReturnOffset = 0x84;

    private static ReadOnlySpan<byte> Code =>
    [
        0xF3, 0x0F, 0x1E, 0xFA,                                         // 00          endbr64
        0x49, 0xBA, 0, 0, 0, 0, 0, 0, 0, 0,                             // 04          mov   r10, table
        0x64, 0x4C, 0x8B, 0x04, 0x25, 0, 0, 0, 0,                       // 0e          mov   r8, fs:[0]            ; thread pointer
        0x49, 0xB9, 0x15, 0x7C, 0x4A, 0x7F, 0xB9, 0x79, 0x37, 0x9E,     // 17          mov   r9, 9E3779B97F4A7C15h
        0x4D, 0x0F, 0xAF, 0xC8,                                         // 21          imul  r9, r8
        0x49, 0xC1, 0xE9, 0x36,                                         // 25          shr   r9, 54
        0x49, 0xC1, 0xE1, 0x04,                                         // 29          shl   r9, 4
        0x4F, 0x8D, 0x8C, 0x0A, 0x00, 0x04, 0x00, 0x00,                 // 2d          lea   r9, [r10+r9+1024]     ; the thread's fault
        0x83, 0x7E, 0x08, 0x02,                                         // 35          cmp   dword [rsi+8], 2      ; si_code
        0x75, 0x3A,                                                     // 39          jne   foreign
        0x48, 0x8B, 0x46, 0x10,                                         // 3b          mov   rax, [rsi+16]         ; si_addr
        0x49, 0x8B, 0x4A, 0x08,                                         // 3f          mov   rcx, [r10+8]          ; count
        0x4D, 0x8D, 0x5A, 0x10,                                         // 43          lea   r11, [r10+16]         ; first range
        0x48, 0x83, 0xE9, 0x01,                                         // 47 next:    sub   rcx, 1
        0x78, 0x28,                                                     // 4b          js    foreign
        0x49, 0x2B, 0x03,                                               // 4d          sub   rax, [r11]            ; start
        0x49, 0x3B, 0x43, 0x08,                                         // 50          cmp   rax, [r11+8]          ; length
        0x72, 0x09,                                                     // 54          jb    ours
        0x49, 0x03, 0x03,                                               // 56          add   rax, [r11]
        0x49, 0x83, 0xC3, 0x10,                                         // 59          add   r11, 16
        0xEB, 0xE8,                                                     // 5d          jmp   next
        0x48, 0x8B, 0x46, 0x10,                                         // 5f ours:    mov   rax, [rsi+16]
        0x49, 0x89, 0x41, 0x08,                                         // 63          mov   [r9+8], rax
        0x4D, 0x89, 0x01,                                               // 67          mov   [r9], r8
        0x48, 0xC7, 0x46, 0x10, 0, 0, 0, 0,                             // 6a          mov   qword [rsi+16], 0
        0x41, 0xFF, 0x22,                                               // 72          jmp   [r10]                 ; previous handler
        0x4D, 0x39, 0x01,                                               // 75 foreign: cmp   [r9], r8
        0x75, 0x07,                                                     // 78          jne   chain
        0x49, 0xC7, 0x01, 0, 0, 0, 0,                                   // 7a          mov   qword [r9], 0
        0x41, 0xFF, 0x22,                                               // 81 chain:   jmp   [r10]
        0xC3,                                                           // 84          ret
    ];

    /// <summary>Places the code in memory that may be executed and no longer written.</summary>
    /// <returns>False where the system does not allow that.</returns>
    public static bool TryPlace(void* table, out nint handler, out nint returnOnly)
    {
        handler = 0;
        returnOnly = 0;
        nuint pageBytes = (nuint)Environment.SystemPageSize;
        byte* page = (byte*)Libc.Map(null, pageBytes, Libc.ProtReadWrite, Libc.MapPrivate | Libc.MapAnonymous, -1, 0);
        if (page == Libc.MapFailed)
            return false;

        var target = new Span<byte>(page, (int)pageBytes);
        Code.CopyTo(target);
        BinaryPrimitives.WriteInt64LittleEndian(target[TableAddressOffset..], (long)table);
        if (Libc.Protect(page, pageBytes, Libc.ProtReadExecute) != 0)
        {
            Libc.Unmap(page, pageBytes);
            return false;
        }

        handler = (nint)page;
        returnOnly = (nint)page + ReturnOffset;
        return true;
    }
}
