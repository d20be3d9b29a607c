namespace HostService.Runtime.Fuzz.Generation;

/// <summary>The value types that generated modules use, by their byte in the binary format.</summary>
internal enum ValType : byte
{
    I32 = 0x7F,
    I64 = 0x7E,
    F32 = 0x7D,
    F64 = 0x7C,
    V128 = 0x7B,
    ExnRef = 0x69,
    FuncRef = 0x70,
}
