using Microsoft.Extensions.Logging;

namespace SimplexActors.Nodes.LocalCluster;

/// <summary>Tells programs and files: a record when something has changed.</summary>
internal sealed class LogDisplay(ILogger logger) : IClusterDisplay
{
    private string _last = "";

    /// <inheritdoc/>
    public void Starting(LocalClusterOptions options) => LocalClusterLog.Starting(logger, string.Join(", ", options.Names), options.Folder);

    /// <inheritdoc/>
    public void Ready(NodeProcess node) => LocalClusterLog.Ready(logger, node.Name, node.Id, node.Port);

    /// <inheritdoc/>
    public void Ended(NodeProcess node, string how) => LocalClusterLog.Ended(logger, node.Name, node.Id, how);

    /// <inheritdoc/>
    public void DatabaseEnded(string lastLogLine) => LocalClusterLog.DatabaseEnded(logger, lastLogLine);

    /// <inheritdoc/>
    public Task WatchAsync(Func<Task> watch) => watch();

    /// <inheritdoc/>
    public void Show(ClusterLook look)
    {
        string now = look.ToString();
        if (now != _last)
        {
            LocalClusterLog.Changed(logger, now);
            _last = now;
        }
    }

    /// <inheritdoc/>
    public void Stopping(string why) => LocalClusterLog.Stopping(logger, why);

    /// <inheritdoc/>
    public void Killed(string node) => LocalClusterLog.Killed(logger, node);

    /// <inheritdoc/>
    public void Stopped() => LocalClusterLog.Stopped(logger);
}
