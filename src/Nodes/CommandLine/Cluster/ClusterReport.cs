using SimplexActors.Actors.Cluster.Membership;
using SimplexActors.Actors.Cluster.Ownership;

namespace SimplexActors.Nodes.CommandLine.Cluster;

/// <summary>What a look at a cluster tells its operator.</summary>
/// <param name="Status">As the database has it.</param>
/// <param name="Problems">What is wrong, in words; none: the cluster serves everything.</param>
/// <param name="Notices">What is no fault, but not the usual state either.</param>
internal sealed record ClusterReport(ClusterStatus Status, IReadOnlyList<string> Problems, IReadOnlyList<string> Notices)
{
    /// <summary>Judges what was seen.</summary>
    /// <param name="status">As the database has it.</param>
    /// <param name="options">The times of the cluster.</param>
    public static ClusterReport Of(ClusterStatus status, OwnershipOptions options) => status switch
    {
        { ShardCount: 0 } => new(status, ["no node has joined yet: nothing is served"], []),
        { Nodes.IsEmpty: true } => new(status, ["no node is a member: nothing is served; start one"], []),
        _ => new(status, [.. ProblemsOf(status, options)], [.. NoticesOf(status)]),
    };

    private static IEnumerable<string> ProblemsOf(ClusterStatus status, OwnershipOptions options)
    {
        if (status.UnownedShards > 0)
        {
            yield return $"{status.UnownedShards} of {status.ShardCount} shards have no owner: their queues are not served";
        }

        foreach (ClusterNode node in status.Nodes.Select(each => each.Node))
        {
            if (node.SinceHeartbeat >= options.ClaimAfter)
            {
                yield return $"{node.Name}: silent for {Seconds(node.SinceHeartbeat)} s; the other nodes should have taken over its shards, if there are any";
            }
            else if (node.SinceHeartbeat >= options.ServeFor)
            {
                yield return $"{node.Name}: silent for {Seconds(node.SinceHeartbeat)} s; it serves nothing now";
            }
        }

        foreach (IGrouping<(string, int), ClusterNode> same in status.Nodes.Select(each => each.Node).GroupBy(node => (node.LinkHost, node.LinkPort)).Where(group => group.Count() > 1))
        {
            yield return $"{string.Join(" and ", same.Select(node => node.Name))} say that they are reached at the same place ({LinkOf(same.First())}): cluster.link_host must differ";
        }
    }

    private static IEnumerable<string> NoticesOf(ClusterStatus status)
    {
        foreach (NodeStatus node in status.Nodes)
        {
            if (node.Node.State == NodeState.Leaving)
            {
                yield return $"{node.Node.Name}: leaves; it has {node.Shards} shards to give away";
            }
            else if (node.Shards == 0)
            {
                yield return $"{node.Node.Name}: has no shards yet";
            }
        }

        string[] releases = [.. status.Nodes.Select(each => each.Node.Release).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        if (releases.Length > 1)
        {
            yield return $"nodes run different releases: {string.Join(", ", releases)}";
        }

        if (status.Nodes.Length == 1)
        {
            yield return "there is one node only: nobody takes over when it fails";
        }
    }

    /// <summary>Where other nodes reach a node.</summary>
    public static string LinkOf(ClusterNode node) => $"{(node.LinkHost.Contains(':', StringComparison.Ordinal) ? $"[{node.LinkHost}]" : node.LinkHost)}:{node.LinkPort}";

    /// <summary>With one digit after the point.</summary>
    public static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.0");
}
