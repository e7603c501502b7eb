namespace SimplexActors.Actors.Cluster.Links;

/// <summary>
/// Sees to it that a receiver is told once that the session closed, and gets nothing afterwards. A session that the peer
/// closed in order first hands out what had arrived.
/// </summary>
internal sealed class ReceiverGate(Action<Exception> fault)
{
    private enum State
    {
        New,
        Open,
        Draining,
        Closed,
    }

    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _told = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ILinkReceiver? _receiver;
    private State _state;
    private int _calling;
    private int _busy;
    private bool _telling;

    /// <summary>Completes when the receiver was told.</summary>
    public Task Told => _told.Task;

    /// <summary>The receiver is known.</summary>
    public void Open(ILinkReceiver receiver)
    {
        lock (_gate)
        {
            _receiver = receiver;
            _state = _state == State.New ? State.Open : _state;
        }

        TellIfClosed();
    }

    /// <summary>A stream has something to hand out.</summary>
    public void Begin() => Interlocked.Increment(ref _busy);

    /// <summary>A stream has nothing left.</summary>
    public void End()
    {
        if (Interlocked.Decrement(ref _busy) == 0)
        {
            TellIfClosed();
        }
    }

    /// <summary>The receiver that may be called now, until <see cref="Leave"/>; null when it may not.</summary>
    public ILinkReceiver? TryEnter()
    {
        lock (_gate)
        {
            if (_state is not (State.Open or State.Draining))
            {
                return null;
            }

            _calling++;
            return _receiver;
        }
    }

    /// <summary>The call returned; its task may still run.</summary>
    public void Leave()
    {
        bool isLast;
        lock (_gate)
        {
            isLast = --_calling == 0 && _state != State.Open;
        }

        if (isLast)
        {
            TellIfClosed();
        }
    }

    /// <summary>Hands out what is there, then closes. Nothing may begin any more.</summary>
    public void Drain()
    {
        lock (_gate)
        {
            _state = _state == State.Open ? State.Draining : State.Closed;
        }

        TellIfClosed();
    }

    /// <summary>Closes at once.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _state = State.Closed;
        }

        TellIfClosed();
    }

    private void TellIfClosed()
    {
        lock (_gate)
        {
            if (_state == State.Draining && Volatile.Read(ref _busy) == 0)
            {
                _state = State.Closed;
            }

            if (_state != State.Closed || _calling > 0 || _telling || _receiver is null)
            {
                return;
            }

            _telling = true;
        }

        try
        {
            _receiver.Closed();
        }
        catch (Exception e)
        {
            fault(e);
        }

        _told.TrySetResult();
    }
}
