using Npgsql;

namespace SimplexActors.Nodes.Configuration;

/// <summary>Where queues and messages are stored, and how much.</summary>
/// <param name="Folder">Full path of the folder that holds the embedded database.</param>
/// <param name="MaxSizeBytes">Bytes in use from which on no queue and no message is taken; 0 for no limit.</param>
/// <param name="MinFreeDiskBytes">Free bytes of the disk below which none is taken; 0 for no limit.</param>
/// <param name="Postgres">Connection string of the database that the nodes of a cluster share, a secret; null for the embedded one.</param>
/// <param name="PostgresConnections">Connections of this node that read from it, at most.</param>
internal sealed record StoreConfig(string Folder, long MaxSizeBytes, long MinFreeDiskBytes, string? Postgres, int PostgresConnections)
{
    private const string NotPostgres =
        "a connection string such as \"Host=db.example.com;Database=simplex;Username=simplex;Password=...\" (no URL; a value with ; in quotes)";

    internal static StoreConfig Read(ConfigReader reader) => new(
        reader.FilePath("store.folder", "data"),
        reader.Size("store.max_size", 0),
        reader.Size("store.min_free_disk", 256L << 20),
        reader.Secret("store.postgres", ParsePostgres),
        reader.Integer("store.postgres_connections", 16, 2, 500));

    /// <summary>Reads a connection string. What is refused is not shown: the text holds a password, and so may any part of it.</summary>
    internal static Parsed<string> ParsePostgres(string text)
    {
        try
        {
            var builder = new NpgsqlConnectionStringBuilder(text);
            return string.IsNullOrWhiteSpace(builder.Host) ? Parsed<string>.Not(NotPostgres)
                : builder.IncludeErrorDetail || builder.PersistSecurityInfo || builder.LogParameters
                    ? Parsed<string>.Not("a connection string without \"Include Error Detail\", \"Persist Security Info\" and \"Log Parameters\", which would bring secrets into the log")
                : Parsed<string>.Of(builder.ConnectionString);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            return Parsed<string>.Not(NotPostgres);
        }
    }
}
