using SimplexActors.Actors.Cluster.Links;

namespace SimplexActors.Actors.Cluster.Routing;

/// <summary>The entities of one kind, as the routing of the node sees them.</summary>
internal interface IRoutedRegion
{
    /// <summary>Names them between nodes.</summary>
    byte Kind { get; }

    /// <summary>The owner of a shard changed.</summary>
    void OwnerChanged(int shard);

    /// <summary>A session in which this node asked ended.</summary>
    void SessionEnded(ILinkSession session);

    /// <summary>A session in which this node answered ended.</summary>
    void PeerEnded(ILinkSession session);

    /// <summary>Another node tells an entity something; completes when there is room for more.</summary>
    /// <returns>False when the message cannot be read.</returns>
    ValueTask<bool> ReceiveTellAsync(ILinkSession session, int shard, ReadOnlyMemory<byte> message);

    /// <summary>Another node answers, or tells a connection of this one something.</summary>
    /// <returns>False when the message cannot be read.</returns>
    bool ReceiveBack(ILinkSession session, ReadOnlyMemory<byte> message);
}
