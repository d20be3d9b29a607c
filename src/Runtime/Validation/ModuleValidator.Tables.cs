using HostService.Runtime.Syntax;

namespace HostService.Runtime.Validation;

/// <content>Tables and element segments.</content>
internal sealed partial class ModuleValidator
{
    private void CheckTables()
    {
        for (var i = 0; i < _syntax.Tables.Length; i++)
        {
            var (type, init) = _syntax.Tables[i];
            CheckValueType(type.ElementType);
            if (type.FindProblem() is { } problem)
            {
                ThrowInvalid(problem);
            }

            if (init is { } expression)
            {
                // Tables come before the globals that the module defines, so only imported ones are known.
                _constants.Check(in expression, type.ElementType, _syntax.ImportedGlobalCount);
            }
            else if (i >= _syntax.ImportedTableCount && !type.ElementType.IsDefaultable)
            {
                ThrowInvalid($"type mismatch: table {i} of {type.ElementType} needs an initial value");
            }
        }
    }

    private void CheckElementSegments()
    {
        foreach (ref readonly var segment in _syntax.ElementSegments.AsSpan())
        {
            CheckValueType(segment.Type);
            foreach (var function in segment.Functions ?? [])
            {
                DeclareFunction(function);
            }

            foreach (ref readonly var expression in segment.Expressions.AsSpan())
            {
                _constants.Check(in expression, segment.Type, _syntax.Globals.Length);
            }

            if (segment.Mode == SegmentMode.Active)
            {
                CheckPlace(in segment);
            }
        }
    }

    private void DeclareFunction(int function)
    {
        if (function >= _syntax.FunctionCount)
        {
            ThrowInvalid($"unknown function {function}");
        }

        _context.DeclaredFunctions[function] = true;
    }

    private void CheckPlace(in ElementSegment segment)
    {
        _offset = segment.Offset.Offset;
        if (segment.Table >= _syntax.Tables.Length)
        {
            ThrowInvalid($"unknown table {segment.Table}");
        }

        var table = _syntax.Tables[segment.Table].Type;
        if (!_context.Relations.IsSubtype(segment.Type, table.ElementType))
        {
            ThrowInvalid($"type mismatch: a segment of {segment.Type} can't be copied to a table of {table.ElementType}");
        }

        _constants.Check(segment.Offset, table.AddressType, _syntax.Globals.Length);
    }
}
