namespace SimplexActors.Actors.Storage.Migration;

/// <summary>What to copy where.</summary>
public sealed record StoreMigrationOptions
{
    /// <summary>The database file of the embedded store.</summary>
    public required string Source { get; init; }

    /// <summary>Leads to the PostgreSQL database, in Npgsql's form.</summary>
    public required string Target { get; init; }

    /// <summary>The node that goes on with the statistics.</summary>
    public required string Node { get; init; }

    /// <summary>Rows that cannot be read are left out; otherwise they end the copy.</summary>
    public bool LeaveOutDamaged { get; init; }
}
