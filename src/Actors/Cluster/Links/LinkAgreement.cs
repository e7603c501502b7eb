namespace SimplexActors.Actors.Cluster.Links;

/// <summary>What two nodes agreed on, or why they did not.</summary>
/// <param name="Peer">The other node; none when it did not say.</param>
/// <param name="Refusal">Why there is no session; null when there is one.</param>
internal sealed record LinkAgreement(NodeNumber Peer, string? Refusal)
{
    /// <summary>The version of messages.</summary>
    public ushort Version { get; init; }

    /// <summary>Bytes that a stream may hold at the peer.</summary>
    public int StreamWindowBytes { get; init; }

    /// <summary>Bytes of posted messages that the peer may leave.</summary>
    public long PostedBytes { get; init; }

    /// <summary>Compares two hellos; both ends come to the same end.</summary>
    public static LinkAgreement Of(LinkHello own, LinkHello peer)
    {
        bool isOwn = !own.Dialled.IsNone;
        string? refusal =
            !own.Cluster.Span.SequenceEqual(peer.Cluster.Span) ? "it belongs to another cluster"
            : isOwn && peer.Self != own.Dialled ? $"it is node {peer.Self}, and node {own.Dialled} was dialled"
            : !isOwn && peer.Dialled != own.Self ? $"it dialled node {peer.Dialled}, and this is node {own.Self}"
            : own.ShardCount != peer.ShardCount ? $"its cluster has {peer.ShardCount} shards, and this one has {own.ShardCount}"
            : own.Versions.AgreeWith(peer.Versions) is null ? $"it speaks versions {peer.Versions}, and this node speaks {own.Versions}"
            : null;
        return new LinkAgreement(peer.Self, refusal)
        {
            Version = own.Versions.AgreeWith(peer.Versions) ?? 0,
            StreamWindowBytes = peer.StreamWindowBytes,
            PostedBytes = Math.Min(own.PostedBytes, peer.PostedBytes),
        };
    }
}
