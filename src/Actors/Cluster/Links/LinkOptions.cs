using System.Net;

namespace SimplexActors.Actors.Cluster.Links;

/// <summary>How a node speaks to others. What is not given stands in <see cref="LinkLimits"/>.</summary>
public sealed record LinkOptions
{
    /// <summary>Address and port of the listener; port 0 lets the system choose.</summary>
    public required IPEndPoint Bind { get; init; }

    /// <summary>Certificates of this node and of the cluster.</summary>
    public required LinkCredentials Credentials { get; init; }

    /// <summary>What all nodes of the cluster share, such as the router's fingerprint; 1 to 64 bytes.</summary>
    public required ReadOnlyMemory<byte> Cluster { get; init; }

    /// <summary>Shards of the cluster.</summary>
    public required int ShardCount { get; init; }

    /// <summary>Versions of messages that this node speaks.</summary>
    public LinkVersions Versions { get; init; } = new(1, 1);

    /// <summary>The clock of all times, and of the validity of certificates.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>See <see cref="LinkLimits.StreamWindowBytes"/>.</summary>
    public int StreamWindowBytes { get; init; } = LinkLimits.StreamWindowBytes;

    /// <summary>See <see cref="LinkLimits.PostedBytes"/>.</summary>
    public long PostedBytes { get; init; } = LinkLimits.PostedBytes;

    /// <summary>See <see cref="LinkLimits.PingAfter"/>.</summary>
    public TimeSpan PingAfter { get; init; } = LinkLimits.PingAfter;

    /// <summary>See <see cref="LinkLimits.Silence"/>.</summary>
    public TimeSpan Silence { get; init; } = LinkLimits.Silence;

    /// <summary>See <see cref="LinkLimits.HandshakeTime"/>.</summary>
    public TimeSpan HandshakeTime { get; init; } = LinkLimits.HandshakeTime;

    /// <summary>See <see cref="LinkLimits.CloseTime"/>.</summary>
    public TimeSpan CloseTime { get; init; } = LinkLimits.CloseTime;

    /// <summary>See <see cref="LinkLimits.DialFirst"/>.</summary>
    public TimeSpan DialFirst { get; init; } = LinkLimits.DialFirst;

    /// <summary>See <see cref="LinkLimits.DialLongest"/>.</summary>
    public TimeSpan DialLongest { get; init; } = LinkLimits.DialLongest;

    /// <summary>See <see cref="LinkLimits.MemberCheck"/>.</summary>
    public TimeSpan MemberCheck { get; init; } = LinkLimits.MemberCheck;
}
