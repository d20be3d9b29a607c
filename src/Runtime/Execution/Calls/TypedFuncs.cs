namespace HostService.Runtime.Execution.Calls;

// One class for each number of parameters, with a result; TypedActions.cs has those without. Each calls compiled code by its address with arguments of exactly the
// CLR types that the code has, which TypedCall.Check made sure of; nothing is boxed and nothing is looked up.

internal sealed unsafe class TypedFunc<TResult>(Func function) : TypedCall(function)
{
    public TResult Invoke()
    {
        Exception thrown;
        GuestEntry.Enter(Store);
        try
        {
            return ((delegate*<InstanceState, TResult>)Code)(State);
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

internal sealed unsafe class TypedFunc<T1, TResult>(Func function) : TypedCall(function)
{
    public TResult Invoke(T1 arg1)
    {
        Exception thrown;
        GuestEntry.Enter(Store);
        try
        {
            return ((delegate*<T1, InstanceState, TResult>)Code)(arg1, State);
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

internal sealed unsafe class TypedFunc<T1, T2, TResult>(Func function) : TypedCall(function)
{
    public TResult Invoke(T1 arg1, T2 arg2)
    {
        Exception thrown;
        GuestEntry.Enter(Store);
        try
        {
            return ((delegate*<T1, T2, InstanceState, TResult>)Code)(arg1, arg2, State);
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

internal sealed unsafe class TypedFunc<T1, T2, T3, TResult>(Func function) : TypedCall(function)
{
    public TResult Invoke(T1 arg1, T2 arg2, T3 arg3)
    {
        Exception thrown;
        GuestEntry.Enter(Store);
        try
        {
            return ((delegate*<T1, T2, T3, InstanceState, TResult>)Code)(arg1, arg2, arg3, State);
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

internal sealed unsafe class TypedFunc<T1, T2, T3, T4, TResult>(Func function) : TypedCall(function)
{
    public TResult Invoke(T1 arg1, T2 arg2, T3 arg3, T4 arg4)
    {
        Exception thrown;
        GuestEntry.Enter(Store);
        try
        {
            return ((delegate*<T1, T2, T3, T4, InstanceState, TResult>)Code)(arg1, arg2, arg3, arg4, State);
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

internal sealed unsafe class TypedFunc<T1, T2, T3, T4, T5, TResult>(Func function) : TypedCall(function)
{
    public TResult Invoke(T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5)
    {
        Exception thrown;
        GuestEntry.Enter(Store);
        try
        {
            return ((delegate*<T1, T2, T3, T4, T5, InstanceState, TResult>)Code)(arg1, arg2, arg3, arg4, arg5, State);
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

internal sealed unsafe class TypedFunc<T1, T2, T3, T4, T5, T6, TResult>(Func function) : TypedCall(function)
{
    public TResult Invoke(T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5, T6 arg6)
    {
        Exception thrown;
        GuestEntry.Enter(Store);
        try
        {
            return ((delegate*<T1, T2, T3, T4, T5, T6, InstanceState, TResult>)Code)(arg1, arg2, arg3, arg4, arg5, arg6, State);
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

internal sealed unsafe class TypedFunc<T1, T2, T3, T4, T5, T6, T7, TResult>(Func function) : TypedCall(function)
{
    public TResult Invoke(T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5, T6 arg6, T7 arg7)
    {
        Exception thrown;
        GuestEntry.Enter(Store);
        try
        {
            return ((delegate*<T1, T2, T3, T4, T5, T6, T7, InstanceState, TResult>)Code)(arg1, arg2, arg3, arg4, arg5, arg6, arg7, State);
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

internal sealed unsafe class TypedFunc<T1, T2, T3, T4, T5, T6, T7, T8, TResult>(Func function) : TypedCall(function)
{
    public TResult Invoke(T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5, T6 arg6, T7 arg7, T8 arg8)
    {
        Exception thrown;
        GuestEntry.Enter(Store);
        try
        {
            return ((delegate*<T1, T2, T3, T4, T5, T6, T7, T8, InstanceState, TResult>)Code)(arg1, arg2, arg3, arg4, arg5, arg6, arg7, arg8, State);
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
