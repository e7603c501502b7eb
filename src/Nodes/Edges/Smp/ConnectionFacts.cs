namespace SimplexActors.Nodes.Edges.Smp;

/// <summary>What the operator may know of a connection, as of one moment. No address and no id of a queue.</summary>
/// <param name="Id">Its number on this node, from 1 in the order of arrival.</param>
/// <param name="SessionId">Of its TLS session.</param>
/// <param name="IsConnected">False while it ends.</param>
/// <param name="Age">Since its handshake.</param>
/// <param name="SinceReceived">Since its last whole block came.</param>
/// <param name="SinceSent">Since its peer took a block.</param>
internal sealed record ConnectionFacts(
    long Id, ReadOnlyMemory<byte> SessionId, bool IsConnected, TimeSpan Age, TimeSpan SinceReceived, TimeSpan SinceSent)
{
    /// <summary>Subscriptions to messages.</summary>
    public int Queues { get; init; }

    /// <summary>Subscriptions to notifications.</summary>
    public int Notifiers { get; init; }

    /// <summary>Queues that remember its <c>GET</c>.</summary>
    public int Readers { get; init; }

    /// <summary>Blocks that were received and not answered.</summary>
    public int WaitingBlocks { get; init; }

    /// <summary>Events and single answers to send.</summary>
    public int WaitingEvents { get; init; }

    /// <summary>Messages and notifications to send.</summary>
    public int WaitingMessages { get; init; }
}
