using Microsoft.Extensions.Logging;

namespace SimplexActors.Actors.Storage;

/// <summary>Everything the embedded store logs; a condition that lasts is logged when it begins and when it ends.</summary>
internal sealed partial class StoreLog(ILogger logger)
{
    [LoggerMessage(2000, LogLevel.Information, "The store is open: schema {Version}.")]
    public partial void Opened(int version);

    [LoggerMessage(2001, LogLevel.Information, "The store's schema was raised from {From} to {To}.")]
    public partial void Migrated(int from, int to);

    [LoggerMessage(2002, LogLevel.Error, "The store cannot be written; what clients ask to be stored is refused until it can.")]
    public partial void WritesFail(Exception cause);

    [LoggerMessage(2003, LogLevel.Information, "The store can be written again.")]
    public partial void WritesRecovered();

    [LoggerMessage(2004, LogLevel.Error, "A stored message is damaged: it was moved to the table quarantine and is not delivered.")]
    public partial void MessageQuarantined();

    [LoggerMessage(2005, LogLevel.Error, "A stored message is damaged and is not delivered; it could not be moved to quarantine.")]
    public partial void QuarantineFailed(Exception? cause);

    [LoggerMessage(2006, LogLevel.Error, "A row of the table {Table} is damaged and is left out.")]
    public partial void DamagedRow(string table);

    [LoggerMessage(2007, LogLevel.Warning, "The store's log could not be copied into the database; the log grows until it can.")]
    public partial void CheckpointFailed(Exception cause);

    [LoggerMessage(2008, LogLevel.Information, "The store's log can be copied into the database again.")]
    public partial void CheckpointRecovered();

    [LoggerMessage(2009, LogLevel.Error, "A failed transaction could not be undone.")]
    public partial void RollbackFailed(Exception cause);
}
