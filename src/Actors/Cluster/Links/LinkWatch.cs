namespace SimplexActors.Actors.Cluster.Links;

/// <summary>
/// Looks at a session at regular times: pings a silent peer, and ends the session when nothing comes in spite of it or a
/// write stands still. It counts its looks rather than the time, so that a process that stood still itself does not blame its peers.
/// </summary>
internal sealed class LinkWatch(LinkOptions options, Action ping, Action tellTaken, Action<string> end)
{
    private readonly Lock _gate = new();
    private readonly TimeSpan _interval = options.PingAfter / LooksBeforePing;
    private readonly int _limit = (int)Math.Ceiling(options.Silence / (options.PingAfter / LooksBeforePing)) + 1;
    private ITimer? _timer;
    private bool _isOver;
    private volatile bool _arrived;
    private volatile bool _isWriting;
    private volatile bool _wrote;
    private int _silent;
    private int _stuck;

    private const int LooksBeforePing = 2;

    /// <summary>Begins.</summary>
    public void Start()
    {
        lock (_gate)
        {
            _timer = _isOver ? null : options.Time.CreateTimer(static it => ((LinkWatch)it!).Look(), this, _interval, _interval);
        }
    }

    /// <summary>Something came from the peer.</summary>
    public void Arrived() => _arrived = true;

    /// <summary>A write begins.</summary>
    public void WriteBegins() => _isWriting = true;

    /// <summary>A write ended.</summary>
    public void WriteEnds() => (_isWriting, _wrote) = (false, true);

    /// <summary>Looks no more.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _isOver = true;
            _timer?.Dispose();
        }
    }

    private void Look()
    {
        _silent = _arrived ? 0 : _silent + 1;
        _stuck = _isWriting && !_wrote ? _stuck + 1 : 0;
        (_arrived, _wrote) = (false, false);
        if (_silent >= _limit)
        {
            end($"nothing arrived for {options.Silence.TotalSeconds} s");
        }
        else if (_stuck >= _limit)
        {
            end($"a write stood still for {options.Silence.TotalSeconds} s");
        }
        else if (_silent >= LooksBeforePing)
        {
            ping();
        }

        tellTaken();
    }
}
