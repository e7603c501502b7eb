using Microsoft.Extensions.Logging;

namespace SimplexActors.Actors.Cluster.Ownership;

/// <summary>What membership and ownership log.</summary>
internal static partial class OwnershipLog
{
    [LoggerMessage(3000, LogLevel.Information, "Joined the cluster as node {Number} ({Name}).")]
    public static partial void Joined(ILogger logger, string name, long number);

    [LoggerMessage(3001, LogLevel.Information, "A member with the name {Name} (node {Number}) is registered; waiting until it is certain that it does not live.")]
    public static partial void NameInUse(ILogger logger, string name, long number);

    [LoggerMessage(3002, LogLevel.Warning, "The cluster's database did not answer; this node may serve for {Remaining} more. {Suppressed} such failures before this one were not logged.")]
    public static partial void NoAnswer(ILogger logger, Exception cause, TimeSpan remaining, long suppressed);

    [LoggerMessage(3003, LogLevel.Error, "The cluster's database did not answer for too long: {Shards} shards are suspended until it does.")]
    public static partial void LeaseOver(ILogger logger, int shards);

    [LoggerMessage(3004, LogLevel.Information, "The cluster's database answers again: {Resumed} shards go on, {Dropped} were lost.")]
    public static partial void Resumed(ILogger logger, int resumed, int dropped);

    [LoggerMessage(3005, LogLevel.Error, "The other nodes declared node {Number} dead; it drops everything and joins again.")]
    public static partial void DeclaredDead(ILogger logger, long number);

    [LoggerMessage(3006, LogLevel.Warning, "Node {Number} ({Name}) was silent for too long and is declared dead.")]
    public static partial void Declared(ILogger logger, long number, string name);

    [LoggerMessage(3007, LogLevel.Information, "Claimed {Shards} shards.")]
    public static partial void Claimed(ILogger logger, int shards);

    [LoggerMessage(3008, LogLevel.Information, "Released {Shards} shards to other nodes.")]
    public static partial void Released(ILogger logger, int shards);

    [LoggerMessage(3009, LogLevel.Information, "Leaving the cluster: handing over {Shards} shards.")]
    public static partial void Leaving(ILogger logger, int shards);

    [LoggerMessage(3010, LogLevel.Information, "Left the cluster.")]
    public static partial void Left(ILogger logger);

    [LoggerMessage(3011, LogLevel.Critical, "Shard ownership ended by a fault; this process must end.")]
    public static partial void Fault(ILogger logger, Exception cause);

    [LoggerMessage(3012, LogLevel.Warning, "A shard was found to be claimed by another node, and is dropped.")]
    public static partial void ShardLost(ILogger logger);

    [LoggerMessage(3013, LogLevel.Warning, "Ended {Sessions} sessions in the database of nodes that are gone: they held shards that this node claims.")]
    public static partial void HoldersEnded(ILogger logger, int sessions);
}
