using System.Runtime.InteropServices;

namespace SimplexActors.Nodes.Edges.Limiting;

/// <summary>
/// How far one connection is ahead of its rates. Every block is taken whole; a connection that is ahead then is not read before it
/// no longer is, so that the pressure reaches the peer's socket and nothing is refused or held in memory. 48 bytes.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal struct ConnectionPace
{
    private TokenBucket _new;
    private TokenBucket _sub;
    private TokenBucket _send;
    private TokenBucket _prxy;
    private TokenBucket _rslv;
    private TokenBucket _rfwd;

    /// <summary>Clock units until the next block may be read; 0 for at once.</summary>
    public readonly long UnitsToWait(ConnectionLimits limits, long now)
    {
        long wait = Math.Max(_new.WaitFor(limits.New, now), _sub.WaitFor(limits.Sub, now));
        wait = Math.Max(wait, Math.Max(_send.WaitFor(limits.Send, now), _prxy.WaitFor(limits.Prxy, now)));
        return Math.Max(wait, Math.Max(_rslv.WaitFor(limits.Rslv, now), _rfwd.WaitFor(limits.Rfwd, now)));
    }

    /// <summary>A block was taken.</summary>
    public void Charge(ConnectionLimits limits, in CommandCounts counts, long now)
    {
        _new.Take(limits.New, counts.New, now);
        _sub.Take(limits.Sub, counts.Sub, now);
        _send.Take(limits.Send, counts.Send, now);
        _prxy.Take(limits.Prxy, counts.Prxy, now);
        _rslv.Take(limits.Rslv, counts.Rslv, now);
        _rfwd.Take(limits.Rfwd, counts.Rfwd, now);
    }
}
