namespace SimplexActors.Actors.Queues.Decisions;

/// <summary><c>OFF</c> (S-243): no more messages; there is no way back. Replaces a blocked status too.</summary>
internal static class Off
{
    public static QueueDecision Decide(QueueState state, QueueCommand.Client client) =>
        Outcome.Update(state, state.Record.WithStatus(QueueStatus.Off), client);
}
