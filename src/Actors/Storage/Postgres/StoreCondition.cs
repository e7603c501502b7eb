namespace SimplexActors.Actors.Storage.Postgres;

/// <summary>Whether something works: told once when it ceases to and once when it does again.</summary>
internal sealed class StoreCondition(Action<Exception> begins, Action ends)
{
    private int _fails;

    /// <summary>It did not work.</summary>
    public void Fails(Exception cause)
    {
        if (Interlocked.Exchange(ref _fails, 1) == 0)
        {
            begins(cause);
        }
    }

    /// <summary>It worked.</summary>
    public void Works()
    {
        if (Volatile.Read(ref _fails) != 0 && Interlocked.Exchange(ref _fails, 0) != 0)
        {
            ends();
        }
    }
}
