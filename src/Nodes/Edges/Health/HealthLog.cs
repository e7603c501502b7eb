using Microsoft.Extensions.Logging;

namespace SimplexActors.Nodes.Edges.Health;

/// <summary>What the edge for health logs. Event ids 360 to 369 are its and never change their meaning.</summary>
internal static partial class HealthLog
{
    [LoggerMessage(360, LogLevel.Information, "Port {Ports} tells over HTTP whether the router works (/live) and takes clients (/ready)")]
    public static partial void Listening(ILogger logger, string ports);
}
