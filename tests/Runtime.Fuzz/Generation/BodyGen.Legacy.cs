namespace HostService.Runtime.Fuzz.Generation;

/// <content>Exceptions in their first form: <c>try</c>, <c>catch</c>, <c>catch_all</c>, <c>delegate</c>, <c>rethrow</c>.</content>
internal sealed partial class BodyGen
{
    /// <summary>A try with handlers, or one that hands to another; with whatever parameters and results one of the module's types has.</summary>
    private void LegacyTry(int depth)
    {
        var type = _choices.Chance(50) ? -1 : _choices.Below(_shape.Types.Length);
        var shape = type < 0 ? new FuncShape([], []) : _shape.Types[type];
        Expressions(shape.Parameters, depth);
        _code.Byte(0x06);
        if (type < 0)
        {
            _code.Byte(Empty);
        }
        else
        {
            _code.Signed(type);
        }

        _labels.Add(new Label(shape.Results, IsLoop: false));
        Body(shape, isLoop: false, depth);
        if (_choices.Chance(25))
        {
            // delegate: to a label around the try, that of the function among them
            _labels.RemoveAt(_labels.Count - 1);
            _code.Byte(0x18).U32((uint)_choices.Below(_labels.Count));
        }
        else
        {
            Handlers(shape, depth);
            End();
        }

        ConsumeAll(shape.Results);
    }

    // Any number of tags, even twice the same, and perhaps all others.
    private void Handlers(FuncShape shape, int depth)
    {
        _labels[^1] = _labels[^1] with { IsHandler = true };
        for (var count = _choices.Below(4); count > 0; count--)
        {
            var tag = _choices.Below(_shape.Tags.Length);
            _code.Byte(0x07).U32((uint)tag);
            ConsumeAll(_shape.Types[_shape.Tags[tag]].Parameters);
            MaybeRethrow(depth);
            Body(new FuncShape([], shape.Results), isLoop: false, depth);
        }

        if (_choices.Chance(50))
        {
            _code.Byte(0x19);
            MaybeRethrow(depth);
            Body(new FuncShape([], shape.Results), isLoop: false, depth);
        }
    }

    // if (…) rethrow
    private void MaybeRethrow(int depth)
    {
        if (_choices.Chance(25))
        {
            Condition(depth);
            _code.Byte(0x04).Byte(Empty);
            _labels.Add(new Label([], IsLoop: false));
            Rethrow(depth);
            End();
        }
    }

    private void Rethrow(int depth)
    {
        var handlers = Enumerable.Range(0, _labels.Count).Where(i => _labels[^(i + 1)].IsHandler).ToList();
        if (handlers.Count == 0)
        {
            Throw(depth);
        }
        else
        {
            _code.Byte(0x09).U32((uint)_choices.Of(handlers));
        }
    }
}
