using Microsoft.Extensions.Logging;

namespace SimplexActors.Actors.Storage.Postgres;

/// <summary>What only the PostgreSQL store logs; a condition that lasts is logged when it begins and when it ends.</summary>
internal sealed partial class PostgresStoreLog(ILogger logger)
{
    [LoggerMessage(3050, LogLevel.Information, "The database's schema was raised from {From} to {To}.")]
    public partial void Migrated(int from, int to);

    [LoggerMessage(3051, LogLevel.Warning, "The database server runs with fsync = off: a loss of power there loses what clients were told is stored.")]
    public partial void ServerLosesData();

    [LoggerMessage(3052, LogLevel.Error, "The database cannot be read.")]
    public partial void ReadsFail(Exception cause);

    [LoggerMessage(3053, LogLevel.Information, "The database can be read again.")]
    public partial void ReadsRecovered();

    [LoggerMessage(3054, LogLevel.Warning, "The database was asked to end {Connections} connections that may still have been about to write, and did.")]
    public partial void Settled(int connections);
}
