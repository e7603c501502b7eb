using SimplexActors.Protocol.Smp.Commands;

namespace SimplexActors.Protocol.Smp.Responses;

/// <summary><c>SOKS</c>: a service is subscribed to its queues (S-191).</summary>
public sealed record SoksResponse(ServiceQueues Stored) : SmpResponse;

/// <summary><c>ENDS</c>: another connection of the service subscribed (S-200).</summary>
public sealed record EndsResponse(ServiceQueues Ended) : SmpResponse;

/// <summary><c>ALLS</c>: all stored messages of a service were sent (S-193).</summary>
public sealed record AllsResponse : SmpResponse
{
    /// <summary>The only value.</summary>
    public static AllsResponse Instance { get; } = new();
}
