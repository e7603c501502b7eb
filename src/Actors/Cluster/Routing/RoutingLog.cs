using Microsoft.Extensions.Logging;

namespace SimplexActors.Actors.Cluster.Routing;

/// <summary>What the way of commands between nodes logs.</summary>
internal static partial class RoutingLog
{
    [LoggerMessage(3070, LogLevel.Error, "Node {Node} sent a message that cannot be read; the link to it is closed.")]
    public static partial void Unreadable(ILogger logger, long node);

    [LoggerMessage(3071, LogLevel.Warning, "{Commands} commands were refused because the owner of their shard could not be reached. {Suppressed} lines before this one were not logged.")]
    public static partial void Unreachable(ILogger logger, int commands, long suppressed);
}
