using Microsoft.Extensions.Logging;

namespace SimplexActors.Actors.Storage;

/// <summary>What the watch over the store's size logs: each change once. Event ids 2020 to 2029.</summary>
internal sealed partial class StorageLog(ILogger logger)
{
    [LoggerMessage(2020, LogLevel.Error, "The store is at its limit: new queues and messages are refused ({UsedBytes} bytes in use, {FreeBytes} bytes of its disk free)")]
    public partial void Full(long usedBytes, long freeBytes);

    [LoggerMessage(2021, LogLevel.Information, "The store has room again ({UsedBytes} bytes in use, {FreeBytes} bytes of its disk free)")]
    public partial void HasRoom(long usedBytes, long freeBytes);
}
