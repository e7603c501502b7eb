using Npgsql;
using SimplexActors.Actors.Cluster.Membership;
using SimplexActors.Actors.Cluster.Ownership;

namespace SimplexActors.Nodes.LocalCluster;

/// <summary>A cluster on one machine at one look.</summary>
/// <param name="Nodes">The nodes, in order.</param>
/// <param name="Shards">What there is to know about shards, or why nothing is known, in words.</param>
internal sealed record ClusterLook(IReadOnlyList<NodeLook> Nodes, string Shards)
{
    /// <summary>Looks at processes and database.</summary>
    public static async Task<ClusterLook> TakeAsync(IReadOnlyList<NodeProcess> nodes, NpgsqlDataSource source, OwnershipOptions options, CancellationToken cancellation)
    {
        try
        {
            ClusterStatus status = await ClusterStatusReader.ReadAsync(source, cancellation);
            return new ClusterLook(
                [.. nodes.Select(node => NodeLook.Of(node, status.Nodes.FirstOrDefault(each => each.Node.Name == node.Name), options))],
                status.ShardCount == 0 ? "no shards yet" : $"{status.ShardCount - status.UnownedShards} of {status.ShardCount} shards have an owner");
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return new ClusterLook([.. nodes.Select(node => NodeLook.Of(node, null, options))], "no shards yet");
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            return new ClusterLook([.. nodes.Select(node => NodeLook.Of(node, null, options))], $"the database does not answer ({e.Message})");
        }
    }

    /// <summary>The look in one line, without what changes all the time.</summary>
    public override string ToString() => $"{string.Join(", ", Nodes.Select(node => $"{node.Name} {node.State} {node.Shards}".TrimEnd()))}; {Shards}";
}

/// <summary>A node at one look.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Port">For clients; 0 when it has none yet.</param>
/// <param name="ProcessId">Of its process.</param>
/// <param name="State">In one word.</param>
/// <param name="Shards">That it owns; null when it is no member.</param>
/// <param name="SinceHeartbeat">Since it was last heard of; null when it is no member.</param>
internal sealed record NodeLook(string Name, int Port, int ProcessId, string State, int? Shards, TimeSpan? SinceHeartbeat)
{
    /// <summary>A node that works as it should.</summary>
    public const string Serving = "serving";

    /// <summary>Judges a node.</summary>
    /// <param name="process">Its process.</param>
    /// <param name="member">What the database says; null when it is no member, or the database does not answer.</param>
    /// <param name="options">The times of the cluster.</param>
    public static NodeLook Of(NodeProcess process, NodeStatus? member, OwnershipOptions options)
    {
        string state = process switch
        {
            { Ended.IsCompleted: true } => "ended",
            { Port: 0 } => "starting",
            _ => member?.Node switch
            {
                null => "unknown",
                { State: NodeState.Leaving } => "leaving",
                var node when node.SinceHeartbeat >= options.ServeFor => "silent",
                _ => Serving,
            },
        };
        return new NodeLook(process.Name, process.Port, process.Id, state, member?.Shards, member?.Node.SinceHeartbeat);
    }
}
