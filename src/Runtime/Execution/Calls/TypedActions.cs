namespace HostService.Runtime.Execution.Calls;

// As TypedFuncs.cs, without a result.

internal sealed unsafe class TypedAction(Func function) : TypedCall(function)
{
    public void Invoke()
    {
        Exception thrown;
        GuestEntry.Enter(Store);
        try
        {
            ((delegate*<InstanceState, void>)Code)(State);
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

internal sealed unsafe class TypedAction<T1>(Func function) : TypedCall(function)
{
    public void Invoke(T1 arg1)
    {
        Exception thrown;
        GuestEntry.Enter(Store);
        try
        {
            ((delegate*<T1, InstanceState, void>)Code)(arg1, State);
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

internal sealed unsafe class TypedAction<T1, T2>(Func function) : TypedCall(function)
{
    public void Invoke(T1 arg1, T2 arg2)
    {
        Exception thrown;
        GuestEntry.Enter(Store);
        try
        {
            ((delegate*<T1, T2, InstanceState, void>)Code)(arg1, arg2, State);
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

internal sealed unsafe class TypedAction<T1, T2, T3>(Func function) : TypedCall(function)
{
    public void Invoke(T1 arg1, T2 arg2, T3 arg3)
    {
        Exception thrown;
        GuestEntry.Enter(Store);
        try
        {
            ((delegate*<T1, T2, T3, InstanceState, void>)Code)(arg1, arg2, arg3, State);
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

internal sealed unsafe class TypedAction<T1, T2, T3, T4>(Func function) : TypedCall(function)
{
    public void Invoke(T1 arg1, T2 arg2, T3 arg3, T4 arg4)
    {
        Exception thrown;
        GuestEntry.Enter(Store);
        try
        {
            ((delegate*<T1, T2, T3, T4, InstanceState, void>)Code)(arg1, arg2, arg3, arg4, State);
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

internal sealed unsafe class TypedAction<T1, T2, T3, T4, T5>(Func function) : TypedCall(function)
{
    public void Invoke(T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5)
    {
        Exception thrown;
        GuestEntry.Enter(Store);
        try
        {
            ((delegate*<T1, T2, T3, T4, T5, InstanceState, void>)Code)(arg1, arg2, arg3, arg4, arg5, State);
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

internal sealed unsafe class TypedAction<T1, T2, T3, T4, T5, T6>(Func function) : TypedCall(function)
{
    public void Invoke(T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5, T6 arg6)
    {
        Exception thrown;
        GuestEntry.Enter(Store);
        try
        {
            ((delegate*<T1, T2, T3, T4, T5, T6, InstanceState, void>)Code)(arg1, arg2, arg3, arg4, arg5, arg6, State);
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

internal sealed unsafe class TypedAction<T1, T2, T3, T4, T5, T6, T7>(Func function) : TypedCall(function)
{
    public void Invoke(T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5, T6 arg6, T7 arg7)
    {
        Exception thrown;
        GuestEntry.Enter(Store);
        try
        {
            ((delegate*<T1, T2, T3, T4, T5, T6, T7, InstanceState, void>)Code)(arg1, arg2, arg3, arg4, arg5, arg6, arg7, State);
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

internal sealed unsafe class TypedAction<T1, T2, T3, T4, T5, T6, T7, T8>(Func function) : TypedCall(function)
{
    public void Invoke(T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5, T6 arg6, T7 arg7, T8 arg8)
    {
        Exception thrown;
        GuestEntry.Enter(Store);
        try
        {
            ((delegate*<T1, T2, T3, T4, T5, T6, T7, T8, InstanceState, void>)Code)(arg1, arg2, arg3, arg4, arg5, arg6, arg7, arg8, State);
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
