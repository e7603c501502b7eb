using Microsoft.Extensions.Logging;

namespace SimplexActors.Nodes.LocalCluster;

/// <summary>What a cluster on one machine logs. Event ids 3090 to 3099 are its own and never change their meaning.</summary>
internal static partial class LocalClusterLog
{
    [LoggerMessage(3090, LogLevel.Information, "Starting PostgreSQL and {Nodes}; everything is kept in {Folder}")]
    public static partial void Starting(ILogger logger, string nodes, string folder);

    [LoggerMessage(3091, LogLevel.Information, "{Node} serves clients: process {Process}, port {Port}")]
    public static partial void Ready(ILogger logger, string node, int process, int port);

    [LoggerMessage(3092, LogLevel.Error, "{Node} (process {Process}) {How}")]
    public static partial void Ended(ILogger logger, string node, int process, string how);

    [LoggerMessage(3093, LogLevel.Information, "{Cluster}")]
    public static partial void Changed(ILogger logger, string cluster);

    [LoggerMessage(3094, LogLevel.Information, "{Why}: stopping all nodes and PostgreSQL; a second signal kills them")]
    public static partial void Stopping(ILogger logger, string why);

    [LoggerMessage(3095, LogLevel.Warning, "{Node} did not stop in time and was killed")]
    public static partial void Killed(ILogger logger, string node);

    [LoggerMessage(3096, LogLevel.Information, "Stopped; the next start continues with what is there")]
    public static partial void Stopped(ILogger logger);

    [LoggerMessage(3097, LogLevel.Error, "PostgreSQL ended; the last line of its log: {Line}")]
    public static partial void DatabaseEnded(ILogger logger, string line);
}
