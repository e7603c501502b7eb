using Npgsql;

namespace SimplexActors.Actors.Storage.Postgres;

/// <summary>What an exception of a write says about its transaction.</summary>
internal enum WriteFault : byte
{
    /// <summary>Nothing was stored: a shard was claimed by another node.</summary>
    Fenced,

    /// <summary>Nothing was stored: an id is taken, or a service is not there.</summary>
    Conflict,

    /// <summary>Nothing was stored: two transactions waited for each other. The next attempt may go through.</summary>
    Collided,

    /// <summary>Nothing was stored, for another reason.</summary>
    Refused,

    /// <summary>The connection is gone; nobody knows what the server does.</summary>
    Broken,
}

/// <summary>Tells faults apart.</summary>
internal static class WriteFaults
{
    /// <summary>
    /// An error that the server reports ended the transaction. One that ends the connection may have come after the commit.
    /// </summary>
    public static WriteFault Of(Exception fault) => fault switch
    {
        PostgresException { InvariantSeverity: not "ERROR" } => WriteFault.Broken,
        PostgresException { SqlState: PostgresErrors.Fenced } => WriteFault.Fenced,
        PostgresException { SqlState: PostgresErrors.Conflict or PostgresErrorCodes.UniqueViolation } => WriteFault.Conflict,
        PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure } => WriteFault.Collided,
        PostgresException => WriteFault.Refused,
        _ => WriteFault.Broken,
    };
}
