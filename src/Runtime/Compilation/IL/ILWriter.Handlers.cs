using System.Diagnostics;
using System.Reflection.Metadata;

namespace HostService.Runtime.Compilation.IL;

/// <content>Protected regions. Inner ones are closed first, which is the order that the CLR asks for.</content>
internal sealed partial class ILWriter
{
    private readonly List<ProtectedRegion> _regions = [];

    /// <summary>The regions that were closed, inner before outer; positions are in <see cref="Length"/>'s counting.</summary>
    public IReadOnlyList<ProtectedRegion> Regions => _regions;

    /// <summary>Begins a handler, right after the code that it protects: the exception is on the stack.</summary>
    /// <returns>Where it begins, for <see cref="EndCatch"/>.</returns>
    public int BeginCatch()
    {
        Debug.Assert(_unreachable, "Protected code is left by leave or by an exception.");
        _depth = 0;
        _unreachable = false;
        Push(ILType.Object);
        return _length;
    }

    /// <summary>Ends a handler.</summary>
    /// <param name="tryStart">Where the protected code begins.</param>
    /// <param name="handlerStart">Where it ends and the handler begins.</param>
    /// <param name="exceptionToken">The type of what it catches.</param>
    public void EndCatch(int tryStart, int handlerStart, int exceptionToken)
    {
        Debug.Assert(_unreachable, "A handler is left by leave.");
        _regions.Add(new ProtectedRegion(tryStart, handlerStart - tryStart, handlerStart, _length - handlerStart, exceptionToken));
    }

    // Inner ones come before outer ones: whatever was closed before and begins later is inside.
    private int RegionDepth()
    {
        var open = new Stack<(int Start, int Depth)>();
        var deepest = 0;
        foreach (var region in _regions)
        {
            var depth = 1;
            while (open.TryPeek(out var inner) && inner.Start >= region.TryStart)
            {
                depth = Math.Max(depth, inner.Depth + 1);
                open.Pop();
            }

            open.Push((region.TryStart, depth));
            deepest = Math.Max(deepest, depth);
        }

        return deepest;
    }
}

/// <summary>A run of code and the handler for what it throws.</summary>
internal readonly record struct ProtectedRegion(int TryStart, int TryLength, int HandlerStart, int HandlerLength, int ExceptionToken);
