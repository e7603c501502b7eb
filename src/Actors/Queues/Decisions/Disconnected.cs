namespace SimplexActors.Actors.Queues.Decisions;

/// <summary>A connection ended: nothing that was delivered to it counts as delivered any more (S-274).</summary>
internal static class Disconnected
{
    public static QueueDecision Decide(QueueState state, QueueCommand.Disconnected command)
    {
        QueueConnections rest = state.Connections.Without(command);
        return Outcome.Nothing(ReferenceEquals(rest, state.Connections) ? state : state with { Connections = rest });
    }
}
