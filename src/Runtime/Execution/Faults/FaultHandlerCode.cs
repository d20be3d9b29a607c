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
///                 place = (info->si_addr - range->start) / length of a place;
///                 locked = range->locked + place;                 // unless that is null
///                 if (info->si_addr - start of place &lt; *locked)  // a page that may be read, so this was a write
///                     if (mprotect(start of place, *locked, PROT_READ | PROT_WRITE) == 0)
///                     {
///                         *locked = 0;
///                         return;                                 // and the write is tried again
///                     }
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
/// It uses registers that a callee may overwrite, and no stack: the handler's own may be the small alternate one. mprotect is called as the kernel has it, so
/// that errno, too, is left alone.
/// </remarks>
internal static unsafe class FaultHandlerCode
{
    /// <summary>Where the table's address stands in the code.</summary>
    private const int TableAddressOffset = 6;

    /// <summary>Where <see cref="GuardedAddressSpace.PlaceBytes"/> stands in the code.</summary>
    private const int PlaceBytesOffset = 0xA4;

    /// <summary>Where a lone <c>ret</c> stands, which the self-test has the code jump to.</summary>
    private const int ReturnOffset = 0x136;

    private static ReadOnlySpan<byte> Code =>
    [
        0xF3, 0x0F, 0x1E, 0xFA,                                         // 000          endbr64
        0x49, 0xBA, 0, 0, 0, 0, 0, 0, 0, 0,                             // 004          mov   r10, table
        0x64, 0x4C, 0x8B, 0x04, 0x25, 0, 0, 0, 0,                       // 00e          mov   r8, fs:[0]                 ; thread pointer
        0x49, 0xB9, 0x15, 0x7C, 0x4A, 0x7F, 0xB9, 0x79, 0x37, 0x9E,     // 017          mov   r9, 9E3779B97F4A7C15h
        0x4D, 0x0F, 0xAF, 0xC8,                                         // 021          imul  r9, r8
        0x49, 0xC1, 0xE9, 0x36,                                         // 025          shr   r9, 54
        0x49, 0xC1, 0xE1, 0x04,                                         // 029          shl   r9, 4
        0x4F, 0x8D, 0x8C, 0x0A, 0, 0x04, 0, 0,                          // 02d          lea   r9, [r10+r9+1024]          ; the thread's window
        0x4C, 0x89, 0xC9,                                               // 035          mov   rcx, r9
        0x4D, 0x8D, 0x99, 0, 0x01, 0, 0,                                // 038          lea   r11, [r9+256]              ; its end
        0x4C, 0x39, 0x01,                                               // 03f own:     cmp   [rcx], r8
        0x74, 0x0B,                                                     // 042          je    known
        0x48, 0x83, 0xC1, 0x10,                                         // 044          add   rcx, 16
        0x4C, 0x39, 0xD9,                                               // 048          cmp   rcx, r11
        0x75, 0xF2,                                                     // 04b          jne   own
        0x31, 0xC9,                                                     // 04d          xor   ecx, ecx
        0x83, 0x7E, 0x08, 0x02,                                         // 04f known:   cmp   dword [rsi+8], 2           ; si_code
        0x0F, 0x85, 0xCE, 0, 0, 0,                                      // 053          jne   foreign
        0x48, 0x8B, 0x46, 0x10,                                         // 059          mov   rax, [rsi+16]              ; si_addr
        0x4D, 0x8D, 0x5A, 0x10,                                         // 05d          lea   r11, [r10+16]              ; first range
        0x4D, 0x3B, 0x5A, 0x08,                                         // 061 next:    cmp   r11, [r10+8]               ; end of ranges
        0x0F, 0x84, 0xBC, 0, 0, 0,                                      // 065          je    foreign
        0x49, 0x2B, 0x03,                                               // 06b          sub   rax, [r11]                 ; start
        0x49, 0x3B, 0x43, 0x08,                                         // 06e          cmp   rax, [r11+8]               ; length
        0x72, 0x09,                                                     // 072          jb    ours
        0x49, 0x03, 0x03,                                               // 074          add   rax, [r11]
        0x49, 0x83, 0xC3, 0x18,                                         // 077          add   r11, 24
        0xEB, 0xE4,                                                     // 07b          jmp   next
        0x66, 0x48, 0x0F, 0x6E, 0xC1,                                   // 07d ours:    movq  xmm0, rcx
        0x66, 0x48, 0x0F, 0x6E, 0xCA,                                   // 082          movq  xmm1, rdx
        0x66, 0x48, 0x0F, 0x6E, 0xD6,                                   // 087          movq  xmm2, rsi
        0x66, 0x48, 0x0F, 0x6E, 0xDF,                                   // 08c          movq  xmm3, rdi
        0x49, 0x8B, 0x73, 0x10,                                         // 091          mov   rsi, [r11+16]              ; the locked lengths of the range's places
        0x48, 0x85, 0xF6,                                               // 095          test  rsi, rsi
        0x74, 0x38,                                                     // 098          je    trap
        0x49, 0x8B, 0x3B,                                               // 09a          mov   rdi, [r11]
        0x48, 0x01, 0xC7,                                               // 09d          add   rdi, rax                   ; si_addr
        0x31, 0xD2,                                                     // 0a0          xor   edx, edx
        0x48, 0xB9, 0, 0, 0, 0, 0, 0, 0, 0,                             // 0a2          mov   rcx, the length of a place
        0x48, 0xF7, 0xF1,                                               // 0ac          div   rcx
        0x48, 0x29, 0xD7,                                               // 0af          sub   rdi, rdx                   ; the place's start
        0x4C, 0x8D, 0x04, 0xC6,                                         // 0b2          lea   r8, [rsi+rax*8]
        0x49, 0x8B, 0x30,                                               // 0b6          mov   rsi, [r8]                  ; its locked length
        0x48, 0x39, 0xF2,                                               // 0b9          cmp   rdx, rsi
        0x73, 0x14,                                                     // 0bc          jae   trap
        0xBA, 0x03, 0, 0, 0,                                            // 0be          mov   edx, 3                     ; PROT_READ | PROT_WRITE
        0xB8, 0x0A, 0, 0, 0,                                            // 0c3          mov   eax, 10                    ; mprotect
        0x0F, 0x05,                                                     // 0c8          syscall
        0x85, 0xC0,                                                     // 0ca          test  eax, eax
        0x75, 0x04,                                                     // 0cc          jne   trap
        0x49, 0x89, 0,                                                  // 0ce          mov   [r8], rax
        0xC3,                                                           // 0d1          ret
        0x64, 0x4C, 0x8B, 0x04, 0x25, 0, 0, 0, 0,                       // 0d2 trap:    mov   r8, fs:[0]
        0x66, 0x48, 0x0F, 0x7E, 0xC1,                                   // 0db          movq  rcx, xmm0
        0x66, 0x48, 0x0F, 0x7E, 0xCA,                                   // 0e0          movq  rdx, xmm1
        0x66, 0x48, 0x0F, 0x7E, 0xD6,                                   // 0e5          movq  rsi, xmm2
        0x66, 0x48, 0x0F, 0x7E, 0xDF,                                   // 0ea          movq  rdi, xmm3
        0x48, 0x85, 0xC9,                                               // 0ef          test  rcx, rcx
        0x75, 0x20,                                                     // 0f2          jne   note
        0x49, 0x8D, 0x49, 0xF0,                                         // 0f4          lea   rcx, [r9-16]
        0x4D, 0x8D, 0x99, 0xF0, 0, 0, 0,                                // 0f8          lea   r11, [r9+240]              ; the last entry
        0x48, 0x83, 0xC1, 0x10,                                         // 0ff claim:   add   rcx, 16
        0x4C, 0x39, 0xD9,                                               // 103          cmp   rcx, r11
        0x74, 0x09,                                                     // 106          je    take
        0x31, 0xC0,                                                     // 108          xor   eax, eax
        0xF0, 0x4C, 0x0F, 0xB1, 0x01,                                   // 10a          lock  cmpxchg [rcx], r8
        0x75, 0xEE,                                                     // 10f          jne   claim
        0x4C, 0x89, 0x01,                                               // 111 take:    mov   [rcx], r8
        0x48, 0x8B, 0x46, 0x10,                                         // 114 note:    mov   rax, [rsi+16]
        0x48, 0x89, 0x41, 0x08,                                         // 118          mov   [rcx+8], rax
        0x48, 0xC7, 0x46, 0x10, 0, 0, 0, 0,                             // 11c          mov   qword [rsi+16], 0
        0x41, 0xFF, 0x22,                                               // 124          jmp   [r10]                      ; previous handler
        0x48, 0x85, 0xC9,                                               // 127 foreign: test  rcx, rcx
        0x74, 0x07,                                                     // 12a          je    chain
        0x48, 0xC7, 0x01, 0, 0, 0, 0,                                   // 12c          mov   qword [rcx], 0
        0x41, 0xFF, 0x22,                                               // 133 chain:   jmp   [r10]
        0xC3,                                                           // 136          ret
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
        BinaryPrimitives.WriteUInt64LittleEndian(target[PlaceBytesOffset..], GuardedAddressSpace.PlaceBytes);
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
