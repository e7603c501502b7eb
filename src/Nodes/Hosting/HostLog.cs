using Microsoft.Extensions.Logging;

namespace SimplexActors.Nodes.Hosting;

/// <summary>What the host logs. Event ids 100 to 199 are the host's and never change their meaning.</summary>
internal static partial class HostLog
{
    [LoggerMessage(100, LogLevel.Information, "Router {Version} started: identity {Fingerprint}, ports {Ports}")]
    public static partial void Started(ILogger logger, string version, string fingerprint, string ports);

    [LoggerMessage(101, LogLevel.Information, "Signal {Signal}: finishing commands in flight and saving; a second signal stops at once")]
    public static partial void Stopping(ILogger logger, string signal);

    [LoggerMessage(102, LogLevel.Information, "Router stopped")]
    public static partial void Stopped(ILogger logger);

    [LoggerMessage(103, LogLevel.Warning, "Connections did not finish in time and were dropped")]
    public static partial void StoppedLate(ILogger logger);

    [LoggerMessage(104, LogLevel.Error, "An edge failed to stop")]
    public static partial void EdgeFailedToStop(ILogger logger, Exception cause);

    [LoggerMessage(105, LogLevel.Critical, "The router failed")]
    public static partial void Failed(ILogger logger, Exception cause);

    [LoggerMessage(106, LogLevel.Warning, "The key of the offline authority is still here: move {File} to a safe offline place")]
    public static partial void AuthorityKeyOnline(ILogger logger, string file);

    [LoggerMessage(107, LogLevel.Information, "Page for browsers: {Address}")]
    public static partial void WebPage(ILogger logger, string address);

    [LoggerMessage(108, LogLevel.Information, "This node handed its shards to others and left the cluster")]
    public static partial void LeftCluster(ILogger logger);
}
