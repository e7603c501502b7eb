namespace SimplexActors.Nodes.Edges.Smp;

/// <summary>Something a connection is told; also the link of its own queue entry, so that an idle connection holds no queue.</summary>
internal abstract class ConnectionEvent
{
    internal ConnectionEvent? Next;
}

/// <summary>
/// Many writers, one reader: a lock-free list that costs nothing while it is empty. Its length is bounded by what
/// its writers may have outstanding (<see cref="ConnectionOutbox"/>).
/// </summary>
internal struct Mailbox
{
    private ConnectionEvent? _newest;

    /// <summary>True when nothing waits.</summary>
    public readonly bool IsEmpty => Volatile.Read(in _newest) is null;

    /// <summary>Adds an event; any thread.</summary>
    public void Add(ConnectionEvent item)
    {
        ConnectionEvent? head = Volatile.Read(ref _newest);
        while (true)
        {
            item.Next = head;
            ConnectionEvent? seen = Interlocked.CompareExchange(ref _newest, item, head);
            if (ReferenceEquals(seen, head))
            {
                return;
            }

            head = seen;
        }
    }

    /// <summary>Takes everything that waits, oldest first, linked by <see cref="ConnectionEvent.Next"/>.</summary>
    public ConnectionEvent? TakeAll()
    {
        ConnectionEvent? item = Interlocked.Exchange(ref _newest, null);
        ConnectionEvent? oldest = null;
        while (item is not null)
        {
            ConnectionEvent? next = item.Next;
            item.Next = oldest;
            oldest = item;
            item = next;
        }

        return oldest;
    }
}
