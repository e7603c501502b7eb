using System.Collections.Concurrent;
using SimplexActors.Actors.Cluster;
using SimplexActors.Actors.Cluster.Links;
using SimplexActors.Actors.Cluster.Routing;

namespace SimplexActors.Actors.Tests.Cluster.Travel;

/// <summary>Keeps what is posted.</summary>
internal sealed class CapturingSession(NodeNumber peer) : ILinkSession
{
    private const int HeadBytes = 9;

    public NodeNumber Peer => peer;

    public ushort Version => 1;

    public bool IsOpen => true;

    public long PostedBytes { get; set; }

    /// <summary>Type, number and content of the messages.</summary>
    public ConcurrentQueue<(RoutingMessage Type, byte[] Content)> Posted { get; } = new();

    public ValueTask<bool> SendAsync(int stream, ReadOnlyMemory<byte> message, CancellationToken cancellation) => new(true);

    public void Post(int stream, ReadOnlySpan<byte> message) => Posted.Enqueue(((RoutingMessage)message[0], message[HeadBytes..].ToArray()));

    /// <summary>The only message that was posted.</summary>
    public byte[] Take() => Posted.TryDequeue(out (RoutingMessage, byte[] Content) one) && Posted.IsEmpty
        ? one.Content
        : throw new InvalidOperationException("Not one message was posted.");
}
