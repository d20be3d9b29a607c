using System.Diagnostics;
using System.Reflection;
using HostService.Runtime.Errors;
using HostService.Runtime.Syntax;
using HostService.Runtime.Tests.Validation;
using HostService.Runtime.Types;
using HostService.Runtime.Validation;
using Xunit;
using ValueType = HostService.Runtime.Types.ValueType;

namespace HostService.Runtime.Tests.Syntax;

public class InstructionTableTests
{
    public static TheoryData<string> ContextualRows => [.. InstructionTable.Rows.Where(row => row.Effect is null).Select(row => row.Op.ToString())];

    [Fact]
    public void Rows_Opcodes_AreDistinctAndComplete()
    {
        Assert.Equal(InstructionTable.Rows.Length, InstructionTable.Rows.DistinctBy(row => row.Op).Count());
        Assert.Equal(Enum.GetValues<Op>().Order(), InstructionTable.Rows.Select(row => row.Op).Order());
        Assert.All(InstructionTable.Rows, row => Assert.Same(row, InstructionTable.Find(row.Op)));
    }

    [Fact]
    public void Rows_Texts_AreDistinct()
    {
        // select exists with and without a type, and both are written "select".
        var twice = InstructionTable.Rows.GroupBy(row => row.Text).Where(group => group.Count() > 1).Select(group => group.Key);
        Assert.Equal(["select"], twice);
    }

    [Fact]
    public void Rows_OpNames_AreTheTextInPascalCase() => Assert.All(
        InstructionTable.Rows.Where(row => row.Op != Op.SelectT), row => Assert.Equal(PascalCase(row.Text), row.Op.ToString()));

    [Fact]
    public void Rows_NumberOfInstructions_IsThatOfTheSpecification()
    {
        // Counted in the specification's index of instructions, and in the proposals' opcode tables.
        Assert.Equal(236, InstructionTable.Rows.Count(row => row.Group == InstructionGroup.Simd));
        Assert.Equal(20, InstructionTable.Rows.Count(row => row.Group == InstructionGroup.RelaxedSimd));
        Assert.Equal(67, InstructionTable.Rows.Count(row => row.Group == InstructionGroup.Threads));
        Assert.Equal(8, InstructionTable.Rows.Count(row => row.Group == InstructionGroup.SaturatingConversion));
        Assert.Equal(172, InstructionTable.Rows.Count(row => row.Group == InstructionGroup.Core));
    }

    [Fact]
    public void Rows_MemoryAccesses_SayHowManyBytes() => Assert.All(
        InstructionTable.Rows.Where(row => row.Effect is { IsMemoryAccess: true }),
        row =>
        {
            Assert.Contains(row.Lowering.AccessBytes, new[] { 1, 2, 4, 8, 16 });
            Assert.Contains(row.Immediates, new[] { Immediates.MemArg, Immediates.MemArgAndLane, Immediates.AtomicMemArg });
        });

    [Fact]
    public void Rows_CallLowerings_AreNamedAfterTheInstruction() => Assert.All(
        InstructionTable.Rows.Where(row => row.Lowering is Lowering.Call), row => Assert.Equal(row.Op.ToString(), ((Lowering.Call)row.Lowering).Method));

    [Fact]
    public void Combine_EveryPrefixedOpcode_IsTheInverseOfSplit() => Assert.All(InstructionTable.Rows, row =>
    {
        var (prefix, code) = OpPrefix.Split(row.Op);
        Assert.Equal(row.Op, prefix is { } value ? OpPrefix.Combine(value, (uint)code) : (Op)code);
    });

    [Fact]
    public void Combine_CodeBeyondThePrefix_IsNoInstruction()
    {
        Assert.Null(OpPrefix.Combine(OpPrefix.Gc, 0x20));
        Assert.Null(OpPrefix.Combine(OpPrefix.Atomic, uint.MaxValue));
    }

    [Theory]
    [MemberData(nameof(ContextualRows))]
    public void Step_EveryContextualInstruction_HasAnArm(string name)
    {
        // An empty function of an almost empty module: nearly all fail a check, but none may fall through to the end of the switch.
        var validator = Modules.Validate(Modules.OneFunction(0x0B)).CreateFunctionValidator();
        validator.Begin(new FuncIndex(0));
        var instruction = new Instruction { Op = Enum.Parse<Op>(name), Type = ValueType.AnyRef, Type2 = ValueType.AnyRef, BlockType = BlockType.Empty };
        var fault = Record.Exception(() => validator.Step(in instruction));
        Assert.True(fault is null or WasmException, $"{fault}");
        Assert.IsNotType<UnreachableException>(fault);
    }

    [Theory]
    [InlineData(WasmFeatures.Threads, new byte[] { 0xFE, 0x03, 0x00, 0x0B })]
    [InlineData(WasmFeatures.WideArithmetic, new byte[] { 0x42, 0, 0x42, 0, 0xFC, 0x15, 0x1A, 0x1A, 0x0B })]
    [InlineData(WasmFeatures.LegacyExceptions, new byte[] { 0x06, 0x40, 0x19, 0x0B, 0x0B })]
    public void Read_InstructionOfAProposal_IsIllegalUnlessSwitchedOn(WasmFeatures feature, byte[] body)
    {
        var binary = Modules.OneFunction(body);
        var fault = Assert.Throws<MalformedModuleException>(() => Modules.Validate(binary));
        Assert.StartsWith("illegal opcode", fault.Reason, StringComparison.Ordinal);
        Modules.Validate(binary, feature);
    }

    [Fact]
    public void OpcodeMap_EveryFeatureSet_HasAMap()
    {
        var all = Enum.GetValues<WasmFeatures>().Aggregate((left, right) => left | right);
        for (var features = WasmFeatures.None; features <= all; features++)
        {
            Assert.Equal(OpPrefix.OpCount, OpcodeMap.ImmediatesFor(features).Length);
        }
    }

    private static string PascalCase(string text) => string.Concat(text
        .Split('.', '_', ' ')
        .Select(part => string.Concat(part.Select((character, index) =>
            index == 0 || char.IsAsciiDigit(part[index - 1]) ? char.ToUpperInvariant(character) : character))));
}
