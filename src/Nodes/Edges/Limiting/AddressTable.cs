using System.Net;
using SimplexActors.Actors;
using SimplexActors.Nodes.Configuration;

namespace SimplexActors.Nodes.Edges.Limiting;

/// <summary>
/// The addresses that clients come from, as long as they have connections or have not yet made up for what they did (S-488).
/// Bounded: when too many are known at once, further ones are not counted, because somebody with so many addresses is not
/// stopped by limits per address; the limits per connection and per node hold all the same.
/// </summary>
internal sealed class AddressTable
{
    private const int FirstSweepAt = 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<AddressKey, AddressUse> _addresses = [];
    private readonly IReadOnlyList<IPNetwork> _trusted;
    private readonly int _maxAddresses;
    private int _sweepAt = FirstSweepAt;

    /// <summary>An empty table.</summary>
    /// <param name="config">The limits.</param>
    /// <param name="time">The clock of the rates.</param>
    /// <param name="maxAddresses">Addresses that are known at once.</param>
    public AddressTable(RatesConfig config, TimeProvider time, int maxAddresses = Limits.TrackedAddresses)
    {
        _trusted = config.Trusted;
        _maxAddresses = maxAddresses;
        Time = time;
        Connections = config.AddressConnections == 0 ? int.MaxValue : config.AddressConnections;
        Connecting = RateLimit.Of(config.AddressConnecting, time);
        New = RateLimit.Of(config.AddressNew, time);
        Prxy = RateLimit.Of(config.AddressPrxy, time);
        Rslv = RateLimit.Of(config.AddressRslv, time);
    }

    /// <summary>The clock of the rates.</summary>
    public TimeProvider Time { get; }

    /// <summary>Rate of NEW.</summary>
    public RateLimit New { get; }

    /// <summary>Rate of PRXY.</summary>
    public RateLimit Prxy { get; }

    /// <summary>Rate of RSLV.</summary>
    public RateLimit Rslv { get; }

    /// <summary>Addresses that are known.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _addresses.Count;
            }
        }
    }

    private int Connections { get; }

    private RateLimit Connecting { get; }

    /// <summary>Counts a new connection.</summary>
    /// <param name="address">Where it comes from.</param>
    /// <param name="use">To be left when it ends; null when it is not limited.</param>
    /// <returns>False when the address is over its limits.</returns>
    public bool TryEnter(IPAddress address, out AddressUse? use)
    {
        use = null;
        if (IsTrusted(address))
        {
            return true;
        }

        var key = AddressKey.Of(address);
        long now = Time.GetTimestamp();
        lock (_gate)
        {
            if (!_addresses.TryGetValue(key, out AddressUse? known))
            {
                Sweep(now);
                if (_addresses.Count >= _maxAddresses)
                {
                    return true;
                }

                known = new AddressUse(this, key);
                _addresses.Add(key, known);
            }

            if (known.Connections >= Connections || !known.TryConnect(Connecting, now))
            {
                return false;
            }

            known.Connections++;
            use = known;
            return true;
        }
    }

    /// <summary>A counted connection ended.</summary>
    public void Leave(AddressUse use)
    {
        long now = Time.GetTimestamp();
        lock (_gate)
        {
            use.Connections--;
            if (use.CanBeForgotten(now))
            {
                _addresses.Remove(use.Key);
            }
        }
    }

    private bool IsTrusted(IPAddress address)
    {
        IPAddress plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        foreach (IPNetwork network in _trusted)
        {
            if (network.Contains(plain))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Forgets those that made up for everything, when the table has doubled since that was done last.</summary>
    private void Sweep(long now)
    {
        if (_addresses.Count < Math.Min(_sweepAt, _maxAddresses))
        {
            return;
        }

        foreach ((AddressKey key, AddressUse use) in _addresses)
        {
            if (use.CanBeForgotten(now))
            {
                _addresses.Remove(key);
            }
        }

        _sweepAt = Math.Max(FirstSweepAt, 2 * _addresses.Count);
    }
}
