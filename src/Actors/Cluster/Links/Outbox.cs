namespace SimplexActors.Actors.Cluster.Links;

/// <summary>
/// What one session has to send. Callers put messages in, its one writer takes bytes out: first what steers the session,
/// then one frame of each stream in turn, so that a large message delays others by a frame and not by itself.
/// </summary>
internal sealed class Outbox(LinkAgreement agreement)
{
    private readonly Lock _gate = new();
    private readonly WriterSignal _signal = new();
    private readonly Dictionary<int, OutgoingStream> _streams = [];
    private readonly Queue<OutgoingStream> _round = new();
    private readonly Queue<(int Stream, int Bytes)> _windows = new();
    private long _taken;
    private bool _ping;
    private bool _pong;
    private string? _goAway;
    private bool _closed;
    private bool _done;
    private long _posted;

    /// <summary>Bytes of a buffer that <see cref="Fill"/> fills.</summary>
    public const int BufferBytes = LinkLimits.FramesPerWrite * (LinkLimits.FrameBytes + FrameHeader.Bytes);

    /// <summary>See <see cref="ILinkSession.PostedBytes"/>.</summary>
    public long PostedBytes => Interlocked.Read(ref _posted);

    /// <summary>See <see cref="ILinkSession.SendAsync"/>.</summary>
    public ValueTask<bool> SendAsync(int stream, ReadOnlyMemory<byte> message, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<bool>(cancellation);
        }

        SendWaiter waiter;
        lock (_gate)
        {
            if (_closed)
            {
                return new ValueTask<bool>(false);
            }

            OutgoingStream to = StreamOf(stream);
            if (to.TryCharge(OutgoingMessage.CostOf(message.Length)))
            {
                to.Add(OutgoingMessage.Copy(message.Span, posted: false));
                Join(to);
                return new ValueTask<bool>(true);
            }

            waiter = new SendWaiter(this, to);
            to.Add(new OutgoingMessage(message, Rented: null, Posted: false, waiter));
        }

        return new ValueTask<bool>(waiter.WaitAsync(cancellation));
    }

    /// <summary>See <see cref="ILinkSession.Post"/>.</summary>
    /// <returns>False when the peer left too much of what was posted.</returns>
    public bool TryPost(int stream, ReadOnlySpan<byte> message)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return true;
            }

            if (Interlocked.Add(ref _posted, OutgoingMessage.CostOf(message.Length)) > agreement.PostedBytes)
            {
                return false;
            }

            OutgoingStream to = StreamOf(stream);
            to.Add(OutgoingMessage.Copy(message, posted: true));
            Join(to);
            return true;
        }
    }

    /// <summary>Stops a caller's waiting; false when its message is on its way.</summary>
    public bool TryCancel(SendWaiter waiter)
    {
        lock (_gate)
        {
            if (_closed || waiter.Started || waiter.Cancelled)
            {
                return false;
            }

            waiter.Stream.Cancel(waiter);
            Join(waiter.Stream);
            return true;
        }
    }

    /// <summary>The peer took bytes of a stream.</summary>
    /// <returns>False when it gives more than it has.</returns>
    public bool TryGive(int stream, int bytes)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return true;
            }

            if (!_streams.TryGetValue(stream, out OutgoingStream? to) || !to.TryGive(bytes, agreement.StreamWindowBytes))
            {
                return false;
            }

            Join(to);
            return true;
        }
    }

    /// <summary>The peer took posted bytes.</summary>
    /// <returns>False when it took more than there were.</returns>
    public bool TryTake(int bytes) => Interlocked.Add(ref _posted, -bytes) >= 0;

    /// <summary>Tells the peer that bytes of a stream were taken.</summary>
    public void TellWindow(int stream, int bytes)
    {
        lock (_gate)
        {
            _windows.Enqueue((stream, bytes));
        }

        _signal.Set();
    }

    /// <summary>Tells the peer that posted bytes were taken.</summary>
    public void TellTaken(long bytes)
    {
        lock (_gate)
        {
            _taken += bytes;
        }

        _signal.Set();
    }

    /// <summary>Asks whether the peer lives.</summary>
    public void Ping()
    {
        lock (_gate)
        {
            _ping = true;
        }

        _signal.Set();
    }

    /// <summary>Answers a ping; several at once get one answer.</summary>
    public void Pong()
    {
        lock (_gate)
        {
            _pong = true;
        }

        _signal.Set();
    }

    /// <summary>Takes nothing more; what was taken is sent, then the reason.</summary>
    public void Finish(string reason) => Close(static stream => stream.Finish(), reason);

    /// <summary>Drops everything: the session ended.</summary>
    public void Abort() => Close(static stream => stream.Abort(), reason: null);

    /// <summary>Waits for something to send.</summary>
    /// <returns>False when nothing will come any more.</returns>
    public async ValueTask<bool> WaitAsync()
    {
        if (!IsDone())
        {
            await _signal.WaitAsync();
        }

        return !IsDone();
    }

    /// <summary>Fills the buffer with what leaves next.</summary>
    /// <returns>Bytes; 0 when there is nothing.</returns>
    public int Fill(Span<byte> buffer)
    {
        lock (_gate)
        {
            int used = FillSteering(buffer);
            while (_round.TryPeek(out OutgoingStream? next))
            {
                bool can = next.CanSend();
                if (can && used + next.NextFrameBytes > buffer.Length)
                {
                    return used;
                }

                _round.Dequeue();
                next.IsInRound = false;
                used += can ? next.WriteFrame(buffer[used..]) : 0;
                Join(next, wake: false);
            }

            return used + FillEnd(buffer[used..]);
        }
    }

    private int FillSteering(Span<byte> buffer)
    {
        int used = 0;
        if (_ping)
        {
            _ping = false;
            used += Write(buffer[used..], FrameType.Ping, []);
        }

        if (_pong)
        {
            _pong = false;
            used += Write(buffer[used..], FrameType.Pong, []);
        }

        if (_taken > 0)
        {
            int bytes = (int)Math.Min(_taken, int.MaxValue);
            _taken -= bytes;
            used += WriteWindow(buffer[used..], FrameMarks.Posted, 0, bytes);
        }

        while (buffer.Length - used >= FrameHeader.Bytes + FrameHeader.WindowBytes && _windows.TryDequeue(out (int Stream, int Bytes) window))
        {
            used += WriteWindow(buffer[used..], FrameMarks.None, window.Stream, window.Bytes);
        }

        return used;
    }

    private int FillEnd(Span<byte> buffer)
    {
        if (_goAway is null || buffer.Length < FrameHeader.Bytes + LinkLimits.ReasonBytes)
        {
            return 0;
        }

        int used = Write(buffer, FrameType.GoAway, LinkReason.Encode(_goAway));
        (_goAway, _done) = (null, true);
        return used;
    }

    private static int Write(Span<byte> to, FrameType type, ReadOnlySpan<byte> payload)
    {
        new FrameHeader(type, FrameMarks.None, 0, payload.Length).Write(to);
        payload.CopyTo(to[FrameHeader.Bytes..]);
        return FrameHeader.Bytes + payload.Length;
    }

    private static int WriteWindow(Span<byte> to, FrameMarks marks, int stream, int bytes)
    {
        new FrameHeader(FrameType.Window, marks, stream, FrameHeader.WindowBytes).Write(to);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(to[FrameHeader.Bytes..], bytes);
        return FrameHeader.Bytes + FrameHeader.WindowBytes;
    }

    private OutgoingStream StreamOf(int id)
    {
        if (!_streams.TryGetValue(id, out OutgoingStream? stream))
        {
            if (_streams.Count == LinkLimits.StreamsPerSession)
            {
                throw new InvalidOperationException($"A session has at most {LinkLimits.StreamsPerSession} streams.");
            }

            stream = new OutgoingStream(id, agreement.StreamWindowBytes);
            _streams.Add(id, stream);
        }

        return stream;
    }

    private void Join(OutgoingStream stream, bool wake = true)
    {
        if (!stream.IsInRound && stream.CanSend())
        {
            stream.IsInRound = true;
            _round.Enqueue(stream);
            if (wake)
            {
                _signal.Set();
            }
        }
    }

    private void Close(Action<OutgoingStream> end, string? reason)
    {
        lock (_gate)
        {
            _closed = true;
            _done |= reason is null;
            _goAway = reason;
            foreach (OutgoingStream stream in _streams.Values)
            {
                end(stream);
                Join(stream, wake: false);
            }
        }

        _signal.Set();
    }

    private bool IsDone()
    {
        lock (_gate)
        {
            return _done;
        }
    }
}
