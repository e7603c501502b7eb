using SimplexActors.Client;

namespace SimplexActors.Nodes.Edges.Smp.Proxy;

/// <summary>How the router forwards commands to relays (S-340, S-341).</summary>
internal sealed record ProxyOptions
{
    /// <summary>Whether relays on addresses that are not public may be reached (S-489).</summary>
    public bool AllowPrivateTargets { get; init; }

    /// <summary>For onion hosts, or for all; null when there is none.</summary>
    public SocksProxy? Socks { get; init; }

    /// <summary>True when every relay is reached through <see cref="Socks"/>.</summary>
    public bool SocksAlways { get; init; }

    /// <summary>Prefers the onion host of a relay to its others.</summary>
    public bool PreferOnion { get; init; }

    /// <summary>Reaches no relay that has no host of the preferred kind.</summary>
    public bool RequirePreferred { get; init; }

    /// <summary>Commands of one client that may wait for relays (S-354).</summary>
    public int ClientConcurrency { get; init; } = 32;

    /// <summary>Limit of reaching a relay, all of TCP, TLS and hellos.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>Limit of waiting for a relay's answer.</summary>
    public TimeSpan ResponseTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Silence after which a connection to a relay is closed.</summary>
    public TimeSpan IdleTime { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How long a relay that could not be reached is not tried again (S-338).</summary>
    public TimeSpan FailureTime { get; init; } = TimeSpan.FromSeconds(30);
}
