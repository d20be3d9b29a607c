using System.Buffers.Binary;
using HostService.Runtime.Execution.LinearMemories.Linux;

namespace HostService.Runtime.Execution.Faults;

/// <summary>The machine code of the SIGSEGV handler (x64, System V), which runs before the CLR's.</summary>
/// <remarks>
/// <code>
/// void handle(int signal, siginfo_t* info, void* context)
/// {
///     window = table->faults + hash(thread);                      // 16 entries
///     fault = the entry in window whose thread is this one, or null
///     if (info->si_code == SEGV_ACCERR)                           // a page that may not be touched, as ours are
///         for (range = table->ranges; range != table->end; range++)
///             if (info->si_addr - range->start &lt; range->length)     // unsigned
///             {
///                 fault ??= the first entry in window whose thread could be set from 0 to this one, or else the last
///                 fault->address = info->si_addr;
///                 info->si_addr = 0;                              // the CLR takes a fault near 0 for a null dereference
///                 goto *table->previous;
///             }
///     if (fault != null)
///         fault->thread = 0;                                      // what nobody took is not this thread's last fault any more
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
    private const int ReturnOffset = 0xBC;

    private static ReadOnlySpan<byte> Code =>
    [
        0xF3, 0x0F, 0x1E, 0xFA,                                         // 00          endbr64
        0x49, 0xBA, 0, 0, 0, 0, 0, 0, 0, 0,                             // 04          mov   r10, table
        0x64, 0x4C, 0x8B, 0x04, 0x25, 0, 0, 0, 0,                       // 0e          mov   r8, fs:[0]            ; thread pointer
        0x49, 0xB9, 0x15, 0x7C, 0x4A, 0x7F, 0xB9, 0x79, 0x37, 0x9E,     // 17          mov   r9, 9E3779B97F4A7C15h
        0x4D, 0x0F, 0xAF, 0xC8,                                         // 21          imul  r9, r8
        0x49, 0xC1, 0xE9, 0x36,                                         // 25          shr   r9, 54
        0x49, 0xC1, 0xE1, 0x04,                                         // 29          shl   r9, 4
        0x4F, 0x8D, 0x8C, 0x0A, 0, 0x04, 0, 0,                          // 2d          lea   r9, [r10+r9+1024]     ; the thread's window
        0x4C, 0x89, 0xC9,                                               // 35          mov   rcx, r9
        0x4D, 0x8D, 0x99, 0, 0x01, 0, 0,                                // 38          lea   r11, [r9+256]         ; its end
        0x4C, 0x39, 0x01,                                               // 3f own:     cmp   [rcx], r8
        0x74, 0x0B,                                                     // 42          je    known
        0x48, 0x83, 0xC1, 0x10,                                         // 44          add   rcx, 16
        0x4C, 0x39, 0xD9,                                               // 48          cmp   rcx, r11
        0x75, 0xF2,                                                     // 4b          jne   own
        0x31, 0xC9,                                                     // 4d          xor   ecx, ecx
        0x83, 0x7E, 0x08, 0x02,                                         // 4f known:   cmp   dword [rsi+8], 2      ; si_code
        0x75, 0x58,                                                     // 53          jne   foreign
        0x48, 0x8B, 0x46, 0x10,                                         // 55          mov   rax, [rsi+16]         ; si_addr
        0x4D, 0x8D, 0x5A, 0x10,                                         // 59          lea   r11, [r10+16]         ; first range
        0x4D, 0x3B, 0x5A, 0x08,                                         // 5d next:    cmp   r11, [r10+8]          ; end of ranges
        0x74, 0x4A,                                                     // 61          je    foreign
        0x49, 0x2B, 0x03,                                               // 63          sub   rax, [r11]            ; start
        0x49, 0x3B, 0x43, 0x08,                                         // 66          cmp   rax, [r11+8]          ; length
        0x72, 0x09,                                                     // 6a          jb    ours
        0x49, 0x03, 0x03,                                               // 6c          add   rax, [r11]
        0x49, 0x83, 0xC3, 0x10,                                         // 6f          add   r11, 16
        0xEB, 0xE8,                                                     // 73          jmp   next
        0x48, 0x85, 0xC9,                                               // 75 ours:    test  rcx, rcx
        0x75, 0x20,                                                     // 78          jne   note
        0x49, 0x8D, 0x49, 0xF0,                                         // 7a          lea   rcx, [r9-16]
        0x4D, 0x8D, 0x99, 0xF0, 0, 0, 0,                                // 7e          lea   r11, [r9+240]         ; the last entry
        0x48, 0x83, 0xC1, 0x10,                                         // 85 claim:   add   rcx, 16
        0x4C, 0x39, 0xD9,                                               // 89          cmp   rcx, r11
        0x74, 0x09,                                                     // 8c          je    take
        0x31, 0xC0,                                                     // 8e          xor   eax, eax
        0xF0, 0x4C, 0x0F, 0xB1, 0x01,                                   // 90          lock cmpxchg [rcx], r8
        0x75, 0xEE,                                                     // 95          jne   claim
        0x4C, 0x89, 0x01,                                               // 97 take:    mov   [rcx], r8
        0x48, 0x8B, 0x46, 0x10,                                         // 9a note:    mov   rax, [rsi+16]
        0x48, 0x89, 0x41, 0x08,                                         // 9e          mov   [rcx+8], rax
        0x48, 0xC7, 0x46, 0x10, 0, 0, 0, 0,                             // a2          mov   qword [rsi+16], 0
        0x41, 0xFF, 0x22,                                               // aa          jmp   [r10]                 ; previous handler
        0x48, 0x85, 0xC9,                                               // ad foreign: test  rcx, rcx
        0x74, 0x07,                                                     // b0          je    chain
        0x48, 0xC7, 0x01, 0, 0, 0, 0,                                   // b2          mov   qword [rcx], 0
        0x41, 0xFF, 0x22,                                               // b9 chain:   jmp   [r10]
        0xC3,                                                           // bc          ret
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
