namespace SimplexActors.Actors.Cluster.Links;

/// <summary>
/// One life of the connection between two nodes. Whatever was not answered when it ends has an unknown outcome; the next
/// session is another object. Messages of one stream arrive whole, once and in order, or the session ends; those of
/// different streams do not wait for each other.
/// </summary>
public interface ILinkSession
{
    /// <summary>The node at the other end.</summary>
    NodeNumber Peer { get; }

    /// <summary>The version of messages that both ends speak.</summary>
    ushort Version { get; }

    /// <summary>False when the session ended. Cheap; any thread.</summary>
    bool IsOpen { get; }

    /// <summary>Bytes that <see cref="Post"/> took and the peer has not taken yet.</summary>
    long PostedBytes { get; }

    /// <summary>Sends a message; waits while the peer has not taken what the stream's window holds. The message is copied or sent when the task completes.</summary>
    /// <returns>False when the session has ended: the message may or may not have arrived.</returns>
    /// <exception cref="OperationCanceledException">Cancelled while it waited; the message will not arrive.</exception>
    ValueTask<bool> SendAsync(int stream, ReadOnlyMemory<byte> message, CancellationToken cancellation);

    /// <summary>
    /// Sends a message without ever waiting, in order with other messages of the stream. For answers and events, whose number
    /// is bounded by what the peer asked for. A peer that leaves too much of it is given up: the session ends.
    /// </summary>
    void Post(int stream, ReadOnlySpan<byte> message);
}

/// <summary>What a node does with its links; made known to them before the first one opens.</summary>
public interface ILinkHandler
{
    /// <summary>A session opened. The returned receiver gets its messages; nothing arrives before this returns.</summary>
    /// <param name="session">The session.</param>
    /// <param name="isOwn">True when this node dialled and asks; false when the peer dialled and this node answers.</param>
    ILinkReceiver Opened(ILinkSession session, bool isOwn);
}

/// <summary>Takes what arrives in one session.</summary>
public interface ILinkReceiver
{
    /// <summary>
    /// Takes a message. The next one of the same stream comes when the task completes, and only then may the peer send more
    /// on it; other streams go on. The memory is the receiver's only until the task completes.
    /// </summary>
    ValueTask ReceiveAsync(int stream, ReadOnlyMemory<byte> message);

    /// <summary>The session ended; nothing arrives any more. Called once; must return at once.</summary>
    void Closed();
}

/// <summary>The links of this node that it dialled.</summary>
public interface INodeLinks
{
    /// <summary>
    /// The open session to a node, or null: then it is being dialled, with growing pauses, for as long as the node is a
    /// member of the cluster, and <see cref="ILinkHandler.Opened"/> tells of success. Cheap; any thread.
    /// </summary>
    ILinkSession? To(NodeNumber node);
}

/// <summary>Where nodes can be reached by each other.</summary>
public interface INodeAddresses
{
    /// <summary>Host name or address and port of a node's links; null when it is no member any more.</summary>
    (string Host, int Port)? AddressOf(NodeNumber node);
}
