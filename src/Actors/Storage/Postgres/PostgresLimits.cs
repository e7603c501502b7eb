namespace SimplexActors.Actors.Storage.Postgres;

/// <summary>Bounds of the PostgreSQL store.</summary>
public static class PostgresLimits
{
    /// <summary>The oldest server that works: what the store is tested with.</summary>
    public const int OldestServer = 15;

    /// <summary>How long a connection may take to come about.</summary>
    public static readonly TimeSpan Connect = TimeSpan.FromSeconds(3);

    /// <summary>How long a call may take until its connection is given up. Longer than <see cref="Statement"/>, whose end the server reports itself.</summary>
    public static readonly TimeSpan Command = TimeSpan.FromSeconds(12);

    /// <summary>How long the server works on one statement.</summary>
    public static readonly TimeSpan Statement = TimeSpan.FromSeconds(10);

    /// <summary>How long a statement waits for a lock of another transaction.</summary>
    public static readonly TimeSpan Lock = TimeSpan.FromSeconds(5);

    /// <summary>How long the server keeps a transaction open whose client says nothing: a frozen node must not hold locks for ever.</summary>
    public static readonly TimeSpan IdleTransaction = TimeSpan.FromSeconds(10);

    /// <summary>How long one migration may take, and how long to wait for another node's.</summary>
    public static readonly TimeSpan Migration = TimeSpan.FromMinutes(30);

    /// <summary>A connection that wrote nothing for so long is asked whether it still is one before it is used: until then nothing can be in doubt.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);

    /// <summary>How long to wait for the end of a connection that may still be about to write.</summary>
    public static readonly TimeSpan Settle = TimeSpan.FromSeconds(3);

    /// <summary>Pause between two looks at it.</summary>
    public static readonly TimeSpan SettlePoll = TimeSpan.FromMilliseconds(10);

    /// <summary>Connections that read, unless configured otherwise.</summary>
    public const int ReadConnections = 8;

    /// <summary>Statements that each connection keeps prepared; more than there are different ones.</summary>
    public const int PreparedStatements = 100;

    /// <summary>Attempts to commit while claims go stale or transactions deadlock; then the commit fails.</summary>
    public const int CommitAttempts = 5;
}
