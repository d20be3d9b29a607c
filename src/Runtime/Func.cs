using HostService.Runtime.Errors;
using HostService.Runtime.Execution;
using HostService.Runtime.Execution.Calls;
using HostService.Runtime.Interpretation;
using HostService.Runtime.Types;

namespace HostService.Runtime;

/// <summary>A function of a Store: one that a module defines, or one of the host.</summary>
/// <remarks>Not thread-safe, like its Store. <see href="https://webassembly.github.io/spec/core/exec/runtime.html#function-instances">Spec: function instances</see></remarks>
public sealed class Func : Extern
{
    private readonly FuncRef _reference;

    internal Func(Store store, FuncRef reference)
        : base(store) => _reference = reference;

    /// <summary>The function's type; its arity is what <see cref="Call(ReadOnlySpan{Value}, Span{Value})"/> checks.</summary>
    /// <exception cref="ObjectDisposedException">The Store is disposed.</exception>
    public new FuncType Type
    {
        get
        {
            // Once the Store is gone its module may be too, and the id may stand for another type.
            Store.ThrowIfDisposed();
            return Store.Engine.Signatures.FuncType(_reference.Signature);
        }
    }

    /// <summary>How many arguments the function takes.</summary>
    public int ParameterCount => Type.Parameters.Length;

    /// <summary>How many results the function gives.</summary>
    public int ResultCount => Type.Results.Length;

    internal FuncRef Reference => _reference;

    private protected override ExternType ExternType => ExternType.From(Type);

    /// <summary>Makes a function of the host in one Store.</summary>
    /// <param name="store">The Store.</param>
    /// <param name="function">The host function.</param>
    /// <exception cref="ObjectDisposedException">The Store is disposed.</exception>
    public static Func FromHost(Store store, HostFunction function)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(function);
        store.ThrowIfDisposed();
        return new Func(store, HostBinding.Bind(store.Engine, [function], [HostStubs.Unnamed])[0].Reference);
    }

    /// <summary>Calls the function.</summary>
    /// <param name="arguments">As many as <see cref="ParameterCount"/>, of the parameters' types.</param>
    /// <param name="results">As long as <see cref="ResultCount"/>; overwritten.</param>
    /// <remarks>Calls of the host into guests of one Store, which call the host, which calls guests, nest 100 deep; beyond that they trap with <see cref="TrapCode.CallStackExhausted"/>.</remarks>
    /// <exception cref="ArgumentException">A number or a type is wrong; nothing was called.</exception>
    /// <exception cref="TrapException">The guest trapped.</exception>
    /// <exception cref="GuestException">The guest threw an exception that no guest caught.</exception>
    /// <exception cref="ObjectDisposedException">The Store is disposed.</exception>
    public void Call(ReadOnlySpan<Value> arguments, Span<Value> results)
    {
        var type = Type;
        if (results.Length != type.Results.Length)
        {
            throw new ArgumentException($"The function has {type.Results.Length} results, not {results.Length}.", nameof(results));
        }

        var values = Store.Values;
        var bottom = values.Count;
        try
        {
            // The results have their own place even when the function has none: a reference to nothing can't be passed on.
            var passed = values.Take(arguments.Length + results.Length + 1);
            arguments.CopyTo(passed);
            FuncValues.ToGuest(passed[..arguments.Length], type.Parameters.AsSpan(), Store, "argument");
            var returned = passed[arguments.Length..];
            Store.ReserveResults(results.Length);
            Invoke(ref passed[0], ref returned[0]);
            FuncValues.ToHost(returned[..results.Length], type.Results.AsSpan(), Store);
            returned[..results.Length].CopyTo(results);
        }
        finally
        {
            values.DropTo(bottom);
        }
    }

    /// <summary>Calls the function and gives its results in an array.</summary>
    /// <inheritdoc cref="Call(ReadOnlySpan{Value}, Span{Value})"/>
    public Value[] Call(params ReadOnlySpan<Value> arguments)
    {
        var results = new Value[ResultCount];
        Call(arguments, results);
        return results;
    }

    /// <summary>The reference to this function for guests of a Store.</summary>
    /// <exception cref="ArgumentException">The function belongs to another Store.</exception>
    internal FuncRef ReferenceIn(Store store) => ReferenceEquals(store, Store) || _reference.State is null
        ? _reference
        : throw new ArgumentException("The function belongs to another Store.");

    private unsafe void Invoke(ref Value arguments, ref Value results)
    {
        var trampoline = Store.Engine.Signatures.Trampoline(_reference.Signature);
        Exception thrown;
        GuestEntry.Enter(Store);
        try
        {
            if (Interpreter.Find(_reference) is var interpreted && interpreted != null)
            {
                Interpreter.Invoke(_reference.State!, interpreted, ref arguments, ref results);
            }
            else
            {
                trampoline(_reference.Code, _reference.State ?? Store.HostState, ref arguments, ref results);
            }

            return;
        }
        catch (Exception caught)
        {
            thrown = caught;
        }
        finally
        {
            GuestEntry.Exit(Store);
        }

        throw GuestEntry.Failure(Store, thrown);
    }
}
