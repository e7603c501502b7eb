namespace SimplexActors.Soak;

/// <summary>What happened so far; counted from any thread.</summary>
public sealed class SoakCounts
{
    private long _confirmed;
    private long _received;
    private long _refused;
    private long _connections;
    private long _invalid;
    private long _stalls;

    /// <summary>Messages whose sender saw <c>OK</c>.</summary>
    public long ConfirmedMessages => Interlocked.Read(ref _confirmed);

    /// <summary>Messages whose acknowledgement was confirmed.</summary>
    public long ReceivedMessages => Interlocked.Read(ref _received);

    /// <summary>Messages refused because the queue was full.</summary>
    public long RefusedMessages => Interlocked.Read(ref _refused);

    /// <summary>Connections that were opened.</summary>
    public long Connections => Interlocked.Read(ref _connections);

    /// <summary>Invalid commands, blocks and connections.</summary>
    public long InvalidActions => Interlocked.Read(ref _invalid);

    /// <summary>Times the relay stood still.</summary>
    public long Stalls => Interlocked.Read(ref _stalls);

    internal void Stalled() => Interlocked.Increment(ref _stalls);

    internal void Confirmed() => Interlocked.Increment(ref _confirmed);

    internal void Received() => Interlocked.Increment(ref _received);

    internal void Refused() => Interlocked.Increment(ref _refused);

    internal void Connected() => Interlocked.Increment(ref _connections);

    internal void Invalid() => Interlocked.Increment(ref _invalid);
}
