using Microsoft.Extensions.Logging;

namespace SimplexActors.Nodes.Edges.Smp;

/// <summary>What the SMP edge logs. Event ids 300 to 399 are its own and never change their meaning. No ids, no addresses.</summary>
internal static partial class SmpEdgeLog
{
    [LoggerMessage(300, LogLevel.Error, "A connection failed and was dropped")]
    public static partial void ConnectionFault(ILogger logger, Exception cause);

    [LoggerMessage(301, LogLevel.Warning, "Waiting notifications could not be read; they stay in the store")]
    public static partial void NotificationsNotRead(ILogger logger, Exception cause);

    [LoggerMessage(302, LogLevel.Warning, "A response does not fit a block and was not sent")]
    public static partial void ResponseTooLarge(ILogger logger);

    [LoggerMessage(303, LogLevel.Information, "Dropped {Count} connections that stalled or were silent")]
    public static partial void Dropped(ILogger logger, int count);

    [LoggerMessage(305, LogLevel.Warning, "The queues of a service could not be read; it is told that it did not get everything")]
    public static partial void ServiceQueuesNotRead(ILogger logger, Exception cause);

    [LoggerMessage(304, LogLevel.Error, "A command that waits for another machine failed")]
    public static partial void ForkedCommandFault(ILogger logger, Exception cause);
}
