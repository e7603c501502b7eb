using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using SimplexActors.Actors.Cluster.Membership;

namespace SimplexActors.Actors.Cluster.Ownership;

/// <summary>Makes a process a member: checks what all nodes agree on, and waits for the end of a member with its name.</summary>
internal sealed class NodeRegistration(ClusterDatabase database, NodeIdentity identity, OwnershipOptions options, MonotonicClock clock, ILogger logger)
{
    /// <summary>Registers.</summary>
    /// <returns>The new number of this process.</returns>
    /// <exception cref="ClusterJoinException">This node must not be a member as it is configured.</exception>
    public async Task<NodeNumber> RegisterAsync(CancellationToken cancellation)
    {
        NameWatch? watch = null;
        while (true)
        {
            await CheckAgreementAsync(cancellation);
            NodeNumber number = await database.RegisterAsync(identity, cancellation);
            if (!number.IsNone)
            {
                OwnershipLog.Joined(logger, identity.Name, number.Value);
                return number;
            }

            watch = await LookAtNameAsync(watch, cancellation);
            await Task.Delay(options.Heartbeat / 2, clock.Time, cancellation);
        }
    }

    private async Task<NameWatch?> LookAtNameAsync(NameWatch? before, CancellationToken cancellation)
    {
        TimeSpan asked = clock.Now;
        (ClusterNode? row, long version) = await database.FindAsync(identity.Name, cancellation);
        if (row is null)
        {
            return null;
        }

        (NameWatch watch, NameVerdict verdict) = NameWatch.See(before, row, asked, clock.Now, options.ClaimAfter);
        if (before is null)
        {
            OwnershipLog.NameInUse(logger, identity.Name, row.Number.Value);
        }

        if (verdict == NameVerdict.Dead)
        {
            await database.DeclareGoneAsync(NodeNumber.None, version, [row], cancellation);
        }

        return verdict == NameVerdict.Taken
            ? throw new ClusterJoinException(
                $"Another node with the name '{identity.Name}' runs in this cluster (node {row.Number} at {row.LinkHost}:{row.LinkPort}); give each node a name of its own.")
            : watch;
    }

    private async Task CheckAgreementAsync(CancellationToken cancellation)
    {
        (int shards, ImmutableArray<byte> fingerprint) = await database.AgreeAsync(identity, cancellation);
        if (shards != identity.ShardCount)
        {
            throw new ClusterJoinException($"This cluster has {shards} shards, but node '{identity.Name}' is configured with {identity.ShardCount}; all nodes need the same number.");
        }

        if (!fingerprint.AsSpan().SequenceEqual(identity.Fingerprint.AsSpan()))
        {
            throw new ClusterJoinException($"The nodes of this cluster present another router identity than node '{identity.Name}'; all need the same keys and certificates.");
        }
    }
}
