using System.Runtime.CompilerServices;
using HostService.Runtime.Syntax;

namespace HostService.Runtime.Interpretation;

/// <content>Blocks and jumps.</content>
internal sealed partial class FunctionTranslator
{
    private const int None = -1;

    private Block[] _blocks = new Block[32];
    private int _depth;

    private void BeginControl(int results)
    {
        _blocks[0] = new Block { Kind = Op.Block, Results = results, Pending = None, PendingElse = None };
        _depth = 1;
    }

    [MethodImpl(Hot)]
    private void Open(in Instruction instruction)
    {
        var condition = instruction.Op == Op.If ? PopCondition() : default;
        var type = instruction.BlockType;
        var shape = type.TypeIndex >= 0 ? _types[type.TypeIndex] : new TypeShape(0, type.Result == default ? 0 : 1, type.Result == default || TypeShape.IsNumber(type.Result));
        _isUnsupported |= !shape.IsNumeric;
        SettleAll();
        if (_depth == _blocks.Length)
        {
            Array.Resize(ref _blocks, _depth * 2);
        }

        ref var block = ref _blocks[_depth++];
        block = new Block
        {
            Kind = instruction.Op,
            Height = _height - shape.Parameters,
            Parameters = shape.Parameters,
            Results = shape.Results,
            Start = _count,
            Pending = None,
            PendingElse = None,
        };
        if (instruction.Op == Op.Loop)
        {
            Emit(Operation.LoopHeader, 0, 0, 0, At(_loopCounter));
        }
        else if (instruction.Op == Op.If)
        {
            EmitJump(Inverted(condition), ref block.PendingElse);
        }

        _defined = None;
    }

    [MethodImpl(Hot)]
    private void Else()
    {
        ref var block = ref _blocks[_depth - 1];
        if (_skipped < 0)
        {
            SettleAll();
            EmitJump(new Step { Operation = Operation.Jump }, ref block.Pending);
        }

        Resolve(ref block.PendingElse);
        block.Kind = Op.Else;
        Restore(block.Height, block.Parameters);
    }

    [MethodImpl(Hot)]
    private void End()
    {
        ref var block = ref _blocks[--_depth];
        if (_skipped < 0)
        {
            SettleAll();
        }

        Resolve(ref block.PendingElse);
        Resolve(ref block.Pending);
        Restore(block.Height, block.Results);
        if (_depth == 0)
        {
            EmitReturn();
        }
    }

    // Where ways meet, and after what never goes on, the operands are in their slots.
    [MethodImpl(Hot)]
    private void Restore(int height, int operands)
    {
        while (_height > height)
        {
            Pop();
        }

        PushSlots(operands);
        _settled = _height;
        _skipped = -1;
    }

    private void BeginSkipping() => _skipped = 0;

    // Code that is never reached, up to the end or else of the block that it is in.
    [MethodImpl(Hot)]
    private void Skip(in Instruction instruction)
    {
        switch (instruction.Op)
        {
            case Op.Block or Op.Loop or Op.If or Op.Try or Op.TryTable:
                _skipped++;
                break;
            case Op.Else when _skipped == 0:
                Else();
                break;
            case Op.End when _skipped == 0:
                End();
                break;
            case Op.End or Op.Delegate:
                _skipped--;
                break;
        }
    }

    [MethodImpl(Hot)]
    private void Jump(int label)
    {
        var arity = _blocks[_depth - 1 - label].Arity;
        if (arity > 0)
        {
            Settle(arity);
        }

        JumpSettled(label);
    }

    // The values that the label takes are in their slots.
    private void JumpSettled(int label)
    {
        var target = _depth - 1 - label;
        if (target == 0)
        {
            EmitReturn(isSettled: true);
            return;
        }

        ref var block = ref _blocks[target];
        EmitJump(JumpWithValues(in block), ref block);
    }

    [MethodImpl(Hot)]
    private void JumpIf(int label)
    {
        var condition = PopCondition();
        var target = _depth - 1 - label;
        ref var block = ref _blocks[target];
        var arity = block.Arity;
        if (arity > 0)
        {
            Settle(arity);
        }

        if (target != 0 && (arity == 0 || _height - arity == block.Height))
        {
            EmitJump(condition, ref block);
            return;
        }

        // if (!condition) goto next; move the values and jump, or return; next:
        var over = None;
        EmitJump(Inverted(condition), ref over);
        if (target == 0)
        {
            EmitReturn();
        }
        else
        {
            EmitJump(JumpWithValues(in block), ref block);
        }

        Resolve(ref over);
    }

    private void JumpTable(in Instruction instruction)
    {
        var index = PopSlot();
        var arity = _blocks[_depth - 1 - instruction.Index].Arity;
        Settle(arity);
        var table = _count;
        Emit(Operation.JumpTable, 0, index, 0, (uint)instruction.ListCount);
        var labels = new LabelReader(syntax.Binary.Span, in instruction);
        while (labels.Read(out var label))
        {
            JumpSettled(label);
        }

        JumpSettled(instruction.Index);
        foreach (ref readonly var step in _steps.AsSpan(table + 1, _count - table - 1))
        {
            if (step.Operation != Operation.Jump)
            {
                return;
            }
        }

        _steps[table].Operation = Operation.JumpTableDirect;
    }

    private void Return() => EmitReturn();

    private void EmitReturn(bool isSettled = false)
    {
        var results = _blocks[0].Results;
        if (results == 0)
        {
            Emit(Operation.Return, 0, 0, 0, 0);
        }
        else if (results == 1)
        {
            var top = _operands[_height - 1];
            if (top.Place == Place.Constant)
            {
                Settle(1);
            }

            Emit(Operation.ReturnOne, 0, top.Place == Place.Local ? (int)top.Value : Locals + _height - 1, 0, 0);
        }
        else
        {
            if (!isSettled)
            {
                Settle(results);
            }

            Emit(Operation.ReturnMany, 0, Locals + _height - results, results, 0);
        }
    }

    // One step, also where values have to be moved: so it can be an entry of a table. The values are settled.
    [MethodImpl(Hot)]
    private Step JumpWithValues(in Block block)
    {
        var (from, to) = (Locals + _height - block.Arity, Locals + block.Height);
        return block.Arity == 0 || from == to ? new Step { Operation = Operation.Jump }
            : new Step { Operation = block.Arity == 1 ? Operation.MoveAndJump : Operation.MoveManyAndJump, A = (ushort)to, B = (ushort)from, C = (ushort)block.Arity };
    }

    [MethodImpl(Hot)]
    private void EmitJump(Step step, ref Block block)
    {
        if (block.Kind == Op.Loop)
        {
            step.Low = block.Start - (_count + 1);
            Emit(step.Operation, step.A, step.B, step.C, step.Immediate);
        }
        else
        {
            EmitJump(step, ref block.Pending);
        }
    }

    // Until the target is known the jumps to it are a list, linked through where the target will be.
    [MethodImpl(Hot)]
    private void EmitJump(Step step, ref int pending)
    {
        step.Low = pending;
        pending = _count;
        Emit(step.Operation, step.A, step.B, step.C, step.Immediate);
    }

    [MethodImpl(Hot)]
    private void Resolve(ref int pending)
    {
        while (pending != None)
        {
            ref var step = ref _steps[pending];
            var next = step.Low;
            step.Low = _count - (pending + 1);
            pending = next;
        }

        _defined = None;
    }

    private struct Block
    {
        public Op Kind;
        public int Height;          // of the operands below its parameters
        public int Parameters;
        public int Results;
        public int Start;           // the first step of a loop
        public int Pending;         // the last jump to its end
        public int PendingElse;     // the jump of an if whose condition is 0

        public readonly int Arity => Kind == Op.Loop ? Parameters : Results;
    }
}
