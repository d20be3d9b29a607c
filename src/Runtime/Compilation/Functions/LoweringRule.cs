using System.Collections.Immutable;
using System.Reflection.Metadata;
using HostService.Runtime.Compilation.IL;
using HostService.Runtime.Syntax;
using HostService.Runtime.Types;

namespace HostService.Runtime.Compilation.Functions;

/// <summary>A row's lowering with its names resolved, for the instructions that need no method of the compiler's own.</summary>
internal sealed class LoweringRule
{
    private static readonly LoweringRule?[] s_rules = Resolve();

    private LoweringRule(InstructionInfo row, StackEffect effect)
    {
        Pops = effect.Pops.Length;
        TakesLane = row.Lanes > 0;
        Result = effect.Pushes.IsEmpty ? default : effect.Pushes[0].Kind;
        switch (row.Lowering)
        {
            case Lowering.Il il: Codes = [.. il.Codes]; break;
            case Lowering.Call call: SetMethod(call.Method); break;
            case Lowering.LoadFrom load:
                (IsLoad, Bytes, Codes) = (true, load.Bytes, [.. load.Codes]);
                SetMethod(load.Method);
                break;
            case Lowering.StoreTo store:
                (IsStore, Bytes) = (true, store.Bytes);
                Codes = store.Method is null ? (store.Narrow is { } narrow ? [narrow, store.Code] : [store.Code]) : [];
                SetMethod(store.Method);
                break;
            case Lowering.Atomic atomic:
                (IsAtomic, Bytes) = (true, atomic.Bytes);
                SetMethod(atomic.Method);
                break;
            default: IsUnsupported = true; break;
        }

        IsFloatArithmetic = Result is (ValueKind.F32 or ValueKind.F64) && Codes is [ILOpCode.Add or ILOpCode.Sub or ILOpCode.Mul or ILOpCode.Div];
    }

    /// <summary>How many operands the instruction takes; without the address of a memory access.</summary>
    public int Pops { get; }

    /// <summary>The shape of its result; none when it has none.</summary>
    public ValueKind Result { get; }

    /// <summary>The IL that it is, or that follows the address of a load, or that narrows and stores.</summary>
    public ILOpCode[] Codes { get; } = [];

    /// <summary>The method that it calls, if it does.</summary>
    public Member? Method { get; private set; }

    /// <summary>Whether the method can trap, and so takes the instruction's offset.</summary>
    public bool CanTrap { get; private set; }

    /// <summary>Whether the method takes the lane that the instruction names, as its last argument.</summary>
    public bool TakesLane { get; }

    /// <summary>How many bytes of memory it touches.</summary>
    public int Bytes { get; }

    /// <summary>Whether it loads.</summary>
    public bool IsLoad { get; }

    /// <summary>Whether it stores.</summary>
    public bool IsStore { get; }

    /// <summary>Whether it is an atomic access.</summary>
    public bool IsAtomic { get; }

    /// <summary>Whether it is an addition, subtraction, multiplication or division of floats.</summary>
    public bool IsFloatArithmetic { get; }

    /// <summary>Whether the instruction is not compiled.</summary>
    public bool IsUnsupported { get; private set; }

    /// <summary>The rule of an instruction; null for those that the compiler has methods for, and those that it does not compile.</summary>
    public static LoweringRule? Find(Op op) => s_rules[(int)op];

    private void SetMethod(string? name)
    {
        if (name is null)
        {
            return;
        }

        Method = Members.FindIntrinsic(name);
        IsUnsupported = Method is null;
        CanTrap = Method is not null && !IsLoad && !IsStore && !IsAtomic && !TakesLane && Method.Arguments == Pops + 1;
    }

    private static LoweringRule?[] Resolve()
    {
        var rules = new LoweringRule?[OpPrefix.OpCount];
        foreach (var row in InstructionTable.Rows)
        {
            if (row is { Effect: { } effect, Lowering: not Lowering.Custom })
            {
                var rule = new LoweringRule(row, effect);
                rules[(int)row.Op] = rule.IsUnsupported ? null : rule;
            }
        }

        return rules;
    }
}
