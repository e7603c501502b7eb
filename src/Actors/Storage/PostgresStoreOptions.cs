using SimplexActors.Actors.Storage.Postgres;

namespace SimplexActors.Actors.Storage;

/// <summary>How to use a PostgreSQL database as the store.</summary>
public sealed record PostgresStoreOptions
{
    /// <summary>In Npgsql's form. Its time-outs, pool sizes and preparation are set by the other options here.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>Of this node, the same after a restart: statistics are kept by node. Empty where only one node uses the database.</summary>
    public string Node { get; init; } = "";

    /// <summary>Connections that read.</summary>
    public int ReadConnections { get; init; } = PostgresLimits.ReadConnections;

    /// <summary>How long a connection may take to come about.</summary>
    public TimeSpan ConnectTimeout { get; init; } = PostgresLimits.Connect;

    /// <summary>How long a call may take until its connection is given up.</summary>
    public TimeSpan CommandTimeout { get; init; } = PostgresLimits.Command;
}
