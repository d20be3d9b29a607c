namespace HostService.Runtime.Validation;

/// <content>Memories and data segments.</content>
internal sealed partial class ModuleValidator
{
    private void CheckMemories()
    {
        foreach (var memory in _syntax.Memories)
        {
            if (memory.FindProblem() is { } problem)
            {
                ThrowInvalid(problem);
            }
        }
    }

    private void CheckDataSegments()
    {
        foreach (ref readonly var segment in _syntax.DataSegments.AsSpan())
        {
            if (segment.Mode != Syntax.SegmentMode.Active)
            {
                continue;
            }

            _offset = segment.Offset.Offset;
            if (segment.Memory >= _syntax.Memories.Length)
            {
                ThrowInvalid($"unknown memory {segment.Memory}");
            }

            _constants.Check(segment.Offset, _syntax.Memories[segment.Memory].AddressType, _syntax.Globals.Length);
        }
    }
}
