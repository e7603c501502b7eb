using Microsoft.Extensions.Logging;
using SimplexActors.Actors;
using SimplexActors.Actors.Connections;
using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Queues;
using SimplexActors.Actors.Statistics;
using SimplexActors.Actors.Storage;
using SimplexActors.Nodes.Edges.Limiting;
using SimplexActors.Nodes.Edges.Smp.Proxy;
using SimplexActors.Nodes.Edges.Smp.Renewals;
using SimplexActors.Nodes.Edges.Smp.Services;
using SimplexActors.Nodes.Names;

namespace SimplexActors.Nodes.Edges.Smp;

/// <summary>What every SMP connection of a node shares.</summary>
internal sealed record SmpRouter(
    IEntityRegion<QueueCommand> Queues,
    IQueueStore Store,
    SmpServices Services,
    RouterIdentity Identity,
    QueueRules Rules,
    SmpTimeouts Timeouts,
    RouterStatistics Statistics,
    TimeProvider Time,
    ILogger Logger)
{
    /// <summary>Whether queues and messages may be taken.</summary>
    public required StorageWatch Storage { get; init; }

    /// <summary>How fast each connection may be (S-488).</summary>
    public required ConnectionLimits Rates { get; init; }

    /// <summary>When blocks with refusals are answered (S-139).</summary>
    public required RefusalClock Refusals { get; init; }

    /// <summary>Forwards commands to relays; null when this router does not (S-337).</summary>
    public ProxyRole? Proxy { get; init; }

    /// <summary>Commands of one connection that may wait for other machines (S-354).</summary>
    public int ForkedCommandsPerConnection { get; init; } = Limits.ForkedCommandsPerConnection;

    /// <summary>Renews subscriptions when owners of shards change; null when they never do.</summary>
    public SubscriptionRenewals? Renewals { get; init; }

    /// <summary>Where other nodes find the connections; null when there are no other nodes.</summary>
    public LocalConnections? Connections { get; init; }

    /// <summary>Resolves names; null when this router does not (S-358).</summary>
    public NameResolver? Names { get; init; }

    /// <summary>Today in whole days since the Unix epoch (S-247).</summary>
    public int Today() => (int)(Time.GetUtcNow().ToUnixTimeSeconds() / 86_400);
}

/// <summary>How long a connection may take or be silent.</summary>
/// <param name="Handshake">For the SMP handshake after TLS (S-038).</param>
/// <param name="Block">For the rest of a block once its first byte came, and for the peer to take a block (S-487).</param>
/// <param name="Inactive">Without subscriptions and blocks in either direction; null for no limit (S-335).</param>
internal sealed record SmpTimeouts(TimeSpan Handshake, TimeSpan Block, TimeSpan? Inactive);
