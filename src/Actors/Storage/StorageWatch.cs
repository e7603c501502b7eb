using Microsoft.Extensions.Logging;
using SimplexActors.Actors.Engine;

namespace SimplexActors.Actors.Storage;

/// <summary>
/// Knows whether the store may take more: looks now and then at the bytes in use and at the disk's free space. While it is full,
/// new queues and messages are to be refused as on a full disk (S-219), before there is none, so that everything that reads or frees
/// goes on. It is no longer full when a margin is free again, so that it does not change with every message.
/// </summary>
public sealed class StorageWatch : IAsyncDisposable
{
    private readonly StorageLimits _limits;
    private readonly Func<CancellationToken, ValueTask<long>> _used;
    private readonly Func<long> _free;
    private readonly StorageLog _log;
    private readonly ScheduledSingleton<StorageUse> _job;
    private volatile bool _isFull;

    /// <summary>Looks for the first time at once.</summary>
    /// <param name="limits">When it is full.</param>
    /// <param name="used">Bytes in use; see <see cref="IQueueStore.MeasureAsync"/>.</param>
    /// <param name="free">Free bytes of the disk.</param>
    /// <param name="time">Times the looks.</param>
    /// <param name="logger">Hears of every change, once.</param>
    public StorageWatch(StorageLimits limits, Func<CancellationToken, ValueTask<long>> used, Func<long> free, TimeProvider time, ILogger logger)
    {
        (_limits, _used, _free, _log) = (limits, used, free, new StorageLog(logger));
        _job = new ScheduledSingleton<StorageUse>("storage watch", LookAsync, new JobSchedule(TimeSpan.Zero, Limits.StorageLookInterval), time, logger);
        if (limits.IsLimited)
        {
            _job.Start();
        }
    }

    /// <summary>True while no queue and no message is to be taken.</summary>
    public bool IsFull => _isFull;

    /// <summary>Stops looking.</summary>
    public ValueTask DisposeAsync() => _job.DisposeAsync();

    private async Task LookAsync(IProgress<StorageUse> progress, CancellationToken cancellation)
    {
        var use = new StorageUse(await _used(cancellation), _free());
        bool isFull = _limits.IsFull(use, _isFull);
        if (isFull && !_isFull)
        {
            _log.Full(use.UsedBytes, use.FreeDiskBytes);
        }
        else if (!isFull && _isFull)
        {
            _log.HasRoom(use.UsedBytes, use.FreeDiskBytes);
        }

        _isFull = isFull;
        progress.Report(use);
    }
}

/// <summary>How much may be stored.</summary>
/// <param name="MaxUsedBytes">Bytes in use; 0 for no limit.</param>
/// <param name="MinFreeDiskBytes">Free bytes of the disk; 0 for no limit.</param>
public sealed record StorageLimits(long MaxUsedBytes, long MinFreeDiskBytes)
{
    /// <summary>A store that was full takes more again when a part of its limit is free: one in this many.</summary>
    private const int MarginPart = 20;

    /// <summary>True when there is any limit.</summary>
    public bool IsLimited => MaxUsedBytes > 0 || MinFreeDiskBytes > 0;

    /// <summary>Whether the store is full.</summary>
    /// <param name="use">What it uses.</param>
    /// <param name="wasFull">What it was before.</param>
    public bool IsFull(StorageUse use, bool wasFull)
    {
        long maxUsed = wasFull ? MaxUsedBytes - (MaxUsedBytes / MarginPart) : MaxUsedBytes;
        long minFree = wasFull ? MinFreeDiskBytes + (MinFreeDiskBytes / MarginPart) : MinFreeDiskBytes;
        return (MaxUsedBytes > 0 && use.UsedBytes > maxUsed) || (MinFreeDiskBytes > 0 && use.FreeDiskBytes < minFree);
    }
}

/// <summary>What a store uses.</summary>
/// <param name="UsedBytes">Bytes in use.</param>
/// <param name="FreeDiskBytes">Free bytes of its disk.</param>
public sealed record StorageUse(long UsedBytes, long FreeDiskBytes);
