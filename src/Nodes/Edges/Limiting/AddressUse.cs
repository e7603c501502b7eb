namespace SimplexActors.Nodes.Edges.Limiting;

/// <summary>What the connections of one address did together. A feature of each of them.</summary>
internal sealed class AddressUse(AddressTable table, AddressKey key)
{
    private TokenBucket _connecting;
    private TokenBucket _new;
    private TokenBucket _prxy;
    private TokenBucket _rslv;

    /// <summary>The address.</summary>
    public AddressKey Key { get; } = key;

    /// <summary>Connections now; guarded by the table.</summary>
    public int Connections { get; set; }

    /// <summary>Counts the commands of a block, unless the address is over a rate of one of them.</summary>
    /// <param name="counts">What the block holds.</param>
    /// <param name="wait">Time after which to try again; the commands that were counted already are not counted twice.</param>
    public bool TryTake(ref CommandCounts counts, out TimeSpan wait)
    {
        long now = table.Time.GetTimestamp();
        bool taken = _new.TryTake(table.New, counts.New, now, out long units);
        if (taken)
        {
            counts.New = 0;
            taken = _prxy.TryTake(table.Prxy, counts.Prxy, now, out units);
        }

        if (taken)
        {
            counts.Prxy = 0;
            taken = _rslv.TryTake(table.Rslv, counts.Rslv, now, out units);
        }

        wait = RateLimit.TimeOf(units, table.Time);
        return taken;
    }

    /// <summary>One connection of the address ended.</summary>
    public void Leave() => table.Leave(this);

    /// <summary>Counts a connection that begins, unless there were too many of late.</summary>
    internal bool TryConnect(in RateLimit limit, long now) => _connecting.TryTake(limit, 1, now, out _);

    /// <summary>True when it makes no difference whether the address was ever seen.</summary>
    internal bool CanBeForgotten(long now) =>
        Connections == 0 && _connecting.IsFull(now) && _new.IsFull(now) && _prxy.IsFull(now) && _rslv.IsFull(now);
}
