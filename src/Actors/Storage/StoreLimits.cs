namespace SimplexActors.Actors.Storage;

/// <summary>Bounds of the embedded store.</summary>
public static class StoreLimits
{
    /// <summary>
    /// Database page. 16,000-byte messages cost a fifth less than with pages of 4 KiB; larger pages gain
    /// little more and make every small change and every cold read of a queue dearer.
    /// </summary>
    public const int PageBytes = 8192;

    /// <summary>Page cache of the writer.</summary>
    public const int WriterCacheKibibytes = 16 * 1024;

    /// <summary>Page cache of each reader.</summary>
    public const int ReaderCacheKibibytes = 16 * 1024;

    /// <summary>Threads that read while the writer commits.</summary>
    public const int ReaderThreads = 2;

    /// <summary>Calls that may wait for the writer or for the readers; more are refused.</summary>
    public const int WaitingCalls = 65_536;

    /// <summary>The log is copied into the database when it holds this many pages (8 MiB).</summary>
    public const int CheckpointPages = 1024;

    /// <summary>The log file is cut back to this size after a burst.</summary>
    public const long LogFileBytes = 64L * 1024 * 1024;

    /// <summary>How long a call waits for an operator's own transaction on the same database.</summary>
    public const int BusyTimeoutMilliseconds = 5_000;

    /// <summary>Queues looked at in one page of the search for unused ones.</summary>
    public const int UnusedScanRows = 2_048;

    /// <summary>Messages looked at in one page of the search for expired ones.</summary>
    public const int ExpiryScanRows = 4_096;

    /// <summary>Queues of a service looked at in one page of the search for those with messages.</summary>
    public const int ServiceScanRows = 1_024;

    /// <summary>Waiting notifications looked at in one transaction of their expiry.</summary>
    public const int NotificationScanRows = 1_024;
}
