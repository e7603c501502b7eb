using SimplexActors.Protocol.Smp.Errors;

namespace SimplexActors.Nodes.Edges.Smp.Proxy;

/// <summary>A connection to a relay, or why there is none.</summary>
/// <param name="Connection">Null without one.</param>
/// <param name="Error">For the client; null with a connection.</param>
internal sealed record RelayOutcome(RelayConnection? Connection, SmpError? Error)
{
    /// <summary>Reached.</summary>
    public static implicit operator RelayOutcome(RelayConnection connection) => new(connection, Error: null);

    /// <summary>Not reached.</summary>
    public static implicit operator RelayOutcome(SmpError error) => new(Connection: null, error);
}
