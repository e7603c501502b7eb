using Microsoft.Extensions.Logging;

namespace SimplexActors.Actors.Storage.Postgres;

/// <summary>What only the PostgreSQL store logs; a condition that lasts is logged when it begins and when it ends.</summary>
internal sealed partial class PostgresStoreLog(ILogger logger)
{
    [LoggerMessage(3050, LogLevel.Information, "The database's schema was raised from {From} to {To}.")]
    public partial void Migrated(int from, int to);

    [LoggerMessage(3051, LogLevel.Warning, "The database server runs with fsync = off: a loss of power there loses what clients were told is stored.")]
    public partial void ServerLosesData();
}
