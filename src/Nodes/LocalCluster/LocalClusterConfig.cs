using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using SimplexActors.Actors.Cluster.Ownership;
using SimplexActors.Nodes.Configuration;

namespace SimplexActors.Nodes.LocalCluster;

/// <summary>The configuration of the nodes of a cluster on one machine.</summary>
internal static class LocalClusterConfig
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true };

    /// <summary>What all nodes share, for a file. With it other commands look at the cluster, too, as its first node.</summary>
    /// <param name="folder">Of the cluster.</param>
    /// <param name="database">Connection string.</param>
    public static string TextOf(LocalClusterFolder folder, string database) => new JsonObject
    {
        ["identity"] = new JsonObject { ["folder"] = folder.Identity },
        ["smp"] = new JsonObject { ["hosts"] = new JsonArray("localhost"), ["bind"] = new JsonArray("127.0.0.1"), ["ports"] = new JsonArray(0) },
        ["store"] = new JsonObject { ["postgres"] = database, ["postgres_connections"] = LocalClusterLimits.ReadersPerNode },
        ["cluster"] = new JsonObject
        {
            ["node"] = "n1",
            ["certificates"] = folder.Certificates,
            ["link_port"] = 0,
            ["link_bind"] = "127.0.0.1",
            ["link_host"] = "127.0.0.1",
            // All stop together: there is nobody to release clients to.
            ["drain_time"] = "0 s",
            ["hand_offs"] = LocalClusterLimits.HandOffs,
        },
        ["limits"] = new JsonObject { ["stop_timeout"] = DurationText.Of(LocalClusterLimits.NodeStop / 2) },
    }.ToJsonString(Readable) + "\n";

    /// <summary>Checks keys that a user gave, before anything is made.</summary>
    /// <returns>The times of the cluster.</returns>
    /// <exception cref="ConfigException">A key or value is not allowed.</exception>
    public static OwnershipOptions Check(IReadOnlyDictionary<string, string> settings) => ConfigLoader.Load(
        file: null,
        new Dictionary<string, string>(settings, StringComparer.OrdinalIgnoreCase) { ["cluster.node"] = "n1", ["store.postgres"] = "Host=127.0.0.1" }).Cluster.Ownership;

    /// <summary>Arguments of the program that start a node.</summary>
    /// <param name="folder">Of the cluster.</param>
    /// <param name="node">Its name.</param>
    /// <param name="port">For clients.</param>
    /// <param name="settings">Keys that a user gave; those that make the node what it is come after them.</param>
    public static IReadOnlyList<string> ArgumentsOf(LocalClusterFolder folder, string node, int port, IReadOnlyDictionary<string, string> settings) =>
    [
        "start", "--config", folder.Configuration,
        .. settings.SelectMany(setting => new[] { "--set", $"{setting.Key}={setting.Value}" }),
        "--set", $"cluster.node={node}",
        "--smp-port", port.ToString(CultureInfo.InvariantCulture),
    ];
}
