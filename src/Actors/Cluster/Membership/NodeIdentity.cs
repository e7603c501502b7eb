using System.Collections.Immutable;

namespace SimplexActors.Actors.Cluster.Membership;

/// <summary>What a node says of itself when it joins.</summary>
/// <param name="Name">Of the machine or pod; the same after a restart, and no other node's.</param>
/// <param name="LinkHost">Where other nodes reach it.</param>
/// <param name="LinkPort">Where other nodes reach it.</param>
/// <param name="Release">The version of its program.</param>
/// <param name="ShardCount">That it is configured with; the first node decides for the cluster.</param>
/// <param name="Fingerprint">Of the router identity that it presents to clients; the first node decides for the cluster.</param>
public sealed record NodeIdentity(
    string Name,
    string LinkHost,
    int LinkPort,
    string Release,
    int ShardCount,
    ImmutableArray<byte> Fingerprint);
