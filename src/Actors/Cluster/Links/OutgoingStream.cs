namespace SimplexActors.Actors.Cluster.Links;

/// <summary>
/// What waits to be sent on one stream, in order. A message may begin while there is credit, and then takes all it costs, so
/// that credit can be negative and the largest message passes the smallest window. Used under the lock of its <see cref="Outbox"/>.
/// </summary>
internal sealed class OutgoingStream(int id, int credit)
{
    private Queue<OutgoingMessage> _messages = new();
    private int _sent;
    private int _waiting;
    private int _cancelled;

    /// <summary>Bytes that may still be sent.</summary>
    public long Credit { get; private set; } = credit;

    /// <summary>It is in the round of streams that have something to send.</summary>
    public bool IsInRound { get; set; }

    /// <summary>Takes a message if it need not wait for credit.</summary>
    public bool TryCharge(int cost)
    {
        if (_waiting > 0 || Credit <= 0)
        {
            return false;
        }

        Credit -= cost;
        return true;
    }

    /// <summary>Puts a message at the end.</summary>
    public void Add(OutgoingMessage message)
    {
        _messages.Enqueue(message);
        _waiting += message.Waiter is null ? 0 : 1;
    }

    /// <summary>The peer took bytes. False when it gives more than it has, which no peer does.</summary>
    public bool TryGive(int bytes, int window)
    {
        Credit += bytes;
        return Credit <= window;
    }

    /// <summary>True when a frame can be written.</summary>
    public bool CanSend()
    {
        while (_messages.TryPeek(out OutgoingMessage? next))
        {
            if (next.Waiter is not { Cancelled: true })
            {
                return _sent > 0 || next.Waiter is null || next.Waiter.Started || Credit > 0;
            }

            _messages.Dequeue();
            _cancelled--;
        }

        return false;
    }

    /// <summary>Bytes of the next frame, with its header. Call when <see cref="CanSend"/>.</summary>
    public int NextFrameBytes => FrameHeader.Bytes + Math.Min(_messages.Peek().Body.Length - _sent, LinkLimits.FrameBytes);

    /// <summary>Writes the next frame. Call when <see cref="CanSend"/>.</summary>
    /// <returns>Its bytes.</returns>
    public int WriteFrame(Span<byte> to)
    {
        OutgoingMessage message = _messages.Peek();
        if (message.Waiter is { Started: false } waiter)
        {
            waiter.Started = true;
            _waiting--;
            Credit -= OutgoingMessage.CostOf(message.Body.Length);
        }

        int length = Math.Min(message.Body.Length - _sent, LinkLimits.FrameBytes);
        bool isEnd = _sent + length == message.Body.Length;
        FrameMarks marks = (isEnd ? FrameMarks.End : FrameMarks.None) | (message.Posted ? FrameMarks.Posted : FrameMarks.None);
        new FrameHeader(FrameType.Data, marks, id, length).Write(to);
        message.Body.Span.Slice(_sent, length).CopyTo(to[FrameHeader.Bytes..]);
        _sent += length;
        if (isEnd)
        {
            _sent = 0;
            _messages.Dequeue();
            message.Release();
            message.Waiter?.Complete(sent: true);
        }

        return FrameHeader.Bytes + length;
    }

    /// <summary>A caller stopped waiting. Its message stays where it is until many are to be removed, or its turn comes.</summary>
    public void Cancel(SendWaiter waiter)
    {
        waiter.Cancelled = true;
        _waiting--;
        _cancelled++;
        if (_cancelled >= LinkLimits.CancelledPerStream && _cancelled > _messages.Count / 2)
        {
            _messages = new Queue<OutgoingMessage>(_messages.Where(message => message.Waiter is not { Cancelled: true }));
            _cancelled = 0;
        }
    }

    /// <summary>Keeps what was taken already; callers that wait for credit get false.</summary>
    public void Finish()
    {
        var kept = new Queue<OutgoingMessage>();
        foreach (OutgoingMessage message in _messages)
        {
            if (message.Waiter is null)
            {
                kept.Enqueue(message);
            }
            else if (message.Waiter.Started)
            {
                // The rest of it must follow, and the memory is the caller's only until the caller is told.
                kept.Enqueue(OutgoingMessage.Copy(message.Body.Span, message.Posted));
                message.Waiter.Complete(sent: true);
            }
            else
            {
                message.Waiter.Complete(sent: false);
            }
        }

        (_messages, _waiting, _cancelled) = (kept, 0, 0);
    }

    /// <summary>Drops everything; callers that wait get false.</summary>
    public void Abort()
    {
        foreach (OutgoingMessage message in _messages)
        {
            message.Release();
            message.Waiter?.Complete(sent: false);
        }

        (_messages, _sent, _waiting, _cancelled) = (new Queue<OutgoingMessage>(), 0, 0, 0);
    }
}
