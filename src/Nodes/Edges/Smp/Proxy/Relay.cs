using SimplexActors.Actors;
using SimplexActors.Protocol.Addresses;
using SimplexActors.Protocol.Smp.Errors;

namespace SimplexActors.Nodes.Edges.Smp.Proxy;

/// <summary>
/// What the proxy knows of one relay: its connections, the attempt that runs, and why the last one failed. Used only under
/// the lock of its <see cref="RelayDirectory"/>.
/// </summary>
internal sealed class Relay(RouterAddress address, TimeProvider time)
{
    private SmpError? _failure;
    private long _failedAt;

    /// <summary>Where it is.</summary>
    public RouterAddress Address { get; } = address;

    /// <summary>Those that are open, and those whose end has not got around yet.</summary>
    public List<RelayConnection> Connections { get; } = [];

    /// <summary>The attempt that runs; null when there is none.</summary>
    public RelayAttempt? Attempt { get; set; }

    /// <summary>Remembers why it could not be reached.</summary>
    public void Fail(SmpError error) => (_failure, _failedAt) = (error, time.GetTimestamp());

    /// <summary>Why it could not be reached, while that counts; null when it may be tried (S-338).</summary>
    public SmpError? FailureWithin(TimeSpan counts) => _failure is not null && time.GetElapsedTime(_failedAt) < counts ? _failure : null;

    /// <summary>Forgets the failure.</summary>
    public void Succeed() => _failure = null;

    /// <summary>The connection on which the fewest commands wait; null without connections.</summary>
    public RelayConnection? LeastBusy() => Connections.Where(connection => !connection.IsOver).MinBy(connection => connection.Outstanding);

    /// <summary>True when every connection has enough to do and there may be another (S-490).</summary>
    public bool WantsAnother() =>
        Attempt is null && Connections.Count is > 0 and < Limits.ConnectionsPerRelay
        && Connections.TrueForAll(connection => connection.Outstanding >= Limits.BusyRelayConnection);

    /// <summary>True when nothing is lost with it.</summary>
    public bool IsForgettable(TimeSpan failureCounts) => Connections.Count == 0 && Attempt is null && FailureWithin(failureCounts) is null;
}
