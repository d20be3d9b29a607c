using HostService.Runtime.Errors;
using HostService.Runtime.Tests.Compilation;
using Xunit;

namespace HostService.Runtime.Tests;

/// <summary>Calls from the host: typed without a byte of garbage, untyped by the function's own type.</summary>
public sealed class FuncTests : IDisposable
{
    private readonly Guest _guest = new("""
        (module
          (func (export "add") (param i32 i32) (result i32) local.get 0 local.get 1 i32.add)
          (func (export "mix") (param i32 i64 f32 f64) (result f64)
            local.get 0 f64.convert_i32_s local.get 1 f64.convert_i64_s f64.add local.get 2 f64.promote_f32 f64.add local.get 3 f64.add)
          (func (export "swap") (param i32 i64) (result i64 i32) local.get 1 local.get 0)
          (func (export "nothing"))
          (func (export "same") (param externref) (result externref) local.get 0)
          (func (export "call") (param funcref i32 i32) (result i32)
            (table.set (i32.const 0) (local.get 0)) (call_indirect (param i32 i32) (result i32) (local.get 1) (local.get 2) (i32.const 0)))
          (func (export "function") (result funcref) ref.func 0)
          (func (export "fib") (param i32) (result i32)
            (if (result i32) (i32.lt_s (local.get 0) (i32.const 2)) (then (local.get 0))
              (else (i32.add (call 7 (i32.sub (local.get 0) (i32.const 1))) (call 7 (i32.sub (local.get 0) (i32.const 2)))))))
          (table 1 funcref))
        """);

    public void Dispose() => _guest.Dispose();

    [Fact]
    public void TypedCall_NumbersOfEachKind_ArePassed()
    {
        Assert.Equal(55, _guest.Instance.GetFunction<int, int>("fib")(10));
        Assert.Equal(10.75, _guest.Instance.GetFunction<int, long, float, double, double>("mix")(1, 2, 3.5f, 4.25));
        _guest.Instance.GetAction("nothing")();
    }

    [Fact]
    public void TypedCall_SteadyState_AllocatesNothing()
    {
        var add = _guest.Instance.GetFunction<int, int, int>("add");
        var sum = add(1, 2);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            sum = add(sum, i);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(499_503, sum);
    }

    [Fact]
    public void UntypedCall_IntoSpans_AllocatesNothing()
    {
        var add = _guest.Instance.GetFunction("add")!;
        Span<Value> arguments = [Value.FromI32(1), Value.FromI32(2)];
        var results = new Value[1];
        add.Call(arguments, results);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            add.Call(arguments, results);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(3, results[0].I32);
    }

    [Fact]
    public void UntypedCall_SeveralResults_ComeInOrder()
    {
        var results = _guest.Call("swap", 7, 9L);

        Assert.Equal((9L, 7), (results[0].I64, results[1].I32));
        Assert.Equal((2, 2), (_guest.Instance.GetFunction("swap")!.ParameterCount, _guest.Instance.GetFunction("swap")!.ResultCount));
    }

    [Fact]
    public void UntypedCall_WrongNumberOrType_IsRefusedBeforeAnythingRuns()
    {
        var add = _guest.Instance.GetFunction("add")!;

        Assert.Throws<ArgumentException>(() => add.Call(1));
        Assert.Throws<ArgumentException>(() => add.Call(1, 2L));
        Assert.Throws<ArgumentException>(() => add.Call(1, default(Value)));
        Assert.Throws<ArgumentException>(() => add.Call([1, 2], new Value[2]));
    }

    [Fact]
    public void TypedCall_OtherTypesThanTheFunctions_IsRefusedWithTheType()
    {
        var refused = Assert.Throws<ArgumentException>(() => _guest.Instance.GetFunction<int, long, int>("add"));

        Assert.Contains("(func (param i32 i32) (result i32))", refused.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => _guest.Instance.GetFunction<int>("missing"));
        Assert.Throws<ArgumentException>(() => _guest.Instance.GetAction<int, int>("add"));
    }

    [Fact]
    public void References_ObjectsAndFunctions_KeepTheirIdentity()
    {
        var thing = new object();
        Assert.Same(thing, _guest.Call("same", Value.FromRef(thing))[0].Reference);
        Assert.Null(_guest.Call("same", Value.FromRef(null))[0].Reference);

        var function = Assert.IsType<Func>(_guest.Call("function")[0].Reference);
        Assert.Equal(5, function.Call(2, 3)[0].I32);
        Assert.Equal(5, _guest.Call("call", Value.FromRef(function), 2, 3)[0].I32);
    }

    [Fact]
    public void Reference_OfAnotherStore_IsRefused()
    {
        using var other = new Guest("(module (func (export \"add\") (param i32 i32) (result i32) i32.const 0))");
        using var store = new Store(_guest.Engine);

        Assert.Throws<ArgumentException>(() => _guest.Call("call", Value.FromRef(other.Instance.GetFunction("add")), 2, 3));
    }

    [Fact]
    public void HostFunction_AsAReference_IsCalledByGuests()
    {
        var multiply = Func.FromHost(_guest.Store, HostFunction.Create((int left, int right) => left * right));

        Assert.Equal(42, _guest.Call("call", Value.FromRef(multiply), 6, 7)[0].I32);
        Assert.Equal(42, multiply.Call(6, 7)[0].I32);
    }

    [Fact]
    public void IndirectCall_FunctionOfAnotherType_Traps()
    {
        var other = Func.FromHost(_guest.Store, HostFunction.Create((long x) => x));

        Assert.Equal(TrapCode.IndirectCallTypeMismatch, Assert.Throws<TrapException>(() => _guest.Call("call", Value.FromRef(other), 6, 7)).Code);
        Assert.Equal(TrapCode.UninitializedElement, Assert.Throws<TrapException>(() => _guest.Call("call", Value.FromRef(null), 6, 7)).Code);
    }
}
