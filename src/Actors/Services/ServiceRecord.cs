using System.Collections.Immutable;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;

namespace SimplexActors.Actors.Services;

/// <summary>What is stored of a client service, without the counters of its queues (S-101, S-323).</summary>
public sealed record ServiceRecord
{
    /// <summary>24 random bytes that the router made; the service's key in the store.</summary>
    public required EntityId ServiceId { get; init; }

    /// <summary>What the service may do; never changes (S-101).</summary>
    public required ServiceRole Role { get; init; }

    /// <summary>DER certificates as the service first showed them, leaf first; 1 to 4.</summary>
    public required ImmutableArray<ReadOnlyMemory<byte>> Chain { get; init; }

    /// <summary>SHA-256 of the identity certificate: what the service is recognised by (S-098).</summary>
    public required EntityId Fingerprint { get; init; }

    /// <summary>Day of the first handshake, in whole days since the Unix epoch.</summary>
    public required int CreatedDay { get; init; }

    /// <summary>Day of the last handshake, in whole days since the Unix epoch (S-498).</summary>
    public required int LastUsedDay { get; init; }
}
