using SimplexActors.Nodes.Configuration;

namespace SimplexActors.Nodes.Edges.Limiting;

/// <summary>The rates of one connection's commands, on a clock (S-488).</summary>
internal sealed class ConnectionLimits(ConnectionRatesConfig config, TimeProvider time)
{
    /// <summary>NEW.</summary>
    public RateLimit New { get; } = RateLimit.Of(config.New, time);

    /// <summary>SUB and NSUB.</summary>
    public RateLimit Sub { get; } = RateLimit.Of(config.Sub, time);

    /// <summary>SEND and PFWD.</summary>
    public RateLimit Send { get; } = RateLimit.Of(config.Send, time);

    /// <summary>PRXY.</summary>
    public RateLimit Prxy { get; } = RateLimit.Of(config.Prxy, time);

    /// <summary>RSLV.</summary>
    public RateLimit Rslv { get; } = RateLimit.Of(config.Rslv, time);

    /// <summary>RFWD.</summary>
    public RateLimit Rfwd { get; } = RateLimit.Of(config.Rfwd, time);
}
