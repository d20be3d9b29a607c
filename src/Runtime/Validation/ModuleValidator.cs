using System.Collections;
using System.Diagnostics.CodeAnalysis;
using HostService.Runtime.Syntax;

namespace HostService.Runtime.Validation;

/// <summary>Checks everything of a module but the bodies of its functions.</summary>
/// <remarks><see href="https://webassembly.github.io/spec/core/valid/modules.html">Spec: modules</see></remarks>
internal sealed partial class ModuleValidator
{
    private readonly ModuleSyntax _syntax;
    private readonly ValidationContext _context;
    private readonly ConstExprValidator _constants;

    // Where a fault is reported that has no better place: the section's beginning, for the parts of a module carry no offsets.
    private int _offset;

    private ModuleValidator(ModuleSyntax syntax, ValidationContext context)
    {
        (_syntax, _context) = (syntax, context);
        _constants = new ConstExprValidator(context);
    }

    /// <summary>Checks a module and makes the context for its bodies.</summary>
    public static ValidationContext Check(ModuleSyntax syntax, ModuleLimits limits)
    {
        var relations = TypeSectionValidator.Check(syntax, limits);
        var context = new ValidationContext(syntax, relations, new BitArray(syntax.FunctionCount), limits);
        new ModuleValidator(syntax, context).Check();
        return context;
    }

    private void Check()
    {
        In(SectionId.Import).CheckImportedGlobals();
        In(SectionId.Function).CheckFunctions();
        In(SectionId.Tag).CheckTags();
        In(SectionId.Memory).CheckMemories();
        In(SectionId.Table).CheckTables();
        In(SectionId.Global).CheckGlobals();
        In(SectionId.Element).CheckElementSegments();
        In(SectionId.Data).CheckDataSegments();
        In(SectionId.Export).CheckExports();
        In(SectionId.Start).CheckStart();
    }

    // What a module imports is checked with what it defines; without a section of its own the fault is in the imports.
    private ModuleValidator In(SectionId section)
    {
        _offset = _syntax.SectionOffsets[(int)section] is var offset and not 0 ? offset : _syntax.SectionOffsets[(int)SectionId.Import];
        return this;
    }

    // Before all else: the initialisers of tables may name them already.
    private void CheckImportedGlobals()
    {
        for (var i = 0; i < _syntax.ImportedGlobalCount; i++)
        {
            CheckValueType(_syntax.Globals[i].Type.Type);
        }
    }

    private void CheckFunctions()
    {
        for (var i = 0; i < _syntax.FunctionTypes.Length; i++)
        {
            CheckFuncType(_syntax.FunctionTypes[i], "function", i);
        }
    }

    private void CheckTags()
    {
        for (var i = 0; i < _syntax.TagTypes.Length; i++)
        {
            var type = CheckFuncType(_syntax.TagTypes[i], "tag", i);
            if (!type.Results.IsEmpty)
            {
                ThrowInvalid($"non-empty tag result type of tag {i}");
            }
        }
    }

    private FuncType CheckFuncType(int typeIndex, string what, int index)
    {
        if ((uint)typeIndex >= (uint)_syntax.Types.Length)
        {
            ThrowInvalid($"unknown type {typeIndex} of {what} {index}");
        }

        if (_context.FuncTypes[typeIndex] is not { } type)
        {
            ThrowInvalid($"unknown type: type {typeIndex} of {what} {index} is not a function type");
            throw null;
        }

        return type;
    }

    private void CheckGlobals()
    {
        for (var i = 0; i < _syntax.Globals.Length; i++)
        {
            var (type, init) = _syntax.Globals[i];
            CheckValueType(type.Type);
            if (init is { } expression)
            {
                // An initialiser may name the globals before its own.
                _constants.Check(in expression, type.Type, visibleGlobals: i);
            }
        }
    }

    private void CheckExports()
    {
        var names = new HashSet<string>(_syntax.Exports.Length, StringComparer.Ordinal);
        foreach (var export in _syntax.Exports)
        {
            if (!names.Add(export.Name))
            {
                ThrowInvalid($"duplicate export name \"{export.Name}\"");
            }

            var (count, what) = export.Kind switch
            {
                ExternKind.Func => (_syntax.FunctionCount, "function"),
                ExternKind.Table => (_syntax.Tables.Length, "table"),
                ExternKind.Memory => (_syntax.Memories.Length, "memory"),
                ExternKind.Global => (_syntax.Globals.Length, "global"),
                _ => (_syntax.TagTypes.Length, "tag"),
            };
            if (export.Index >= count)
            {
                ThrowInvalid($"unknown {what} {export.Index} of export \"{export.Name}\"");
            }

            if (export.Kind == ExternKind.Func)
            {
                _context.DeclaredFunctions[export.Index] = true;
            }
        }
    }

    private void CheckStart()
    {
        if (_syntax.Start is not { } start)
        {
            return;
        }

        if (start.Value >= _syntax.FunctionCount)
        {
            ThrowInvalid($"unknown function {start.Value} is the start function");
        }

        var type = _syntax.FuncTypeOf(start);
        if (!type.Parameters.IsEmpty || !type.Results.IsEmpty)
        {
            ThrowInvalid($"start function {start.Value} has type {type}; it may have neither parameters nor results");
        }
    }

    private void CheckValueType(ValueType type)
    {
        if (type.IsRef && type.HeapType is { Kind: HeapKind.Index, Id: var index } && index >= _syntax.Types.Length)
        {
            ThrowInvalid($"unknown type {index}");
        }
    }

    [DoesNotReturn]
    private void ThrowInvalid(string reason) => throw new InvalidModuleException(reason, _offset);
}
