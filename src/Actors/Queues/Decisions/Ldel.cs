namespace SimplexActors.Actors.Queues.Decisions;

/// <summary><c>LDEL</c> (S-242, S-305): deletes link data, if there is any, and frees the link id.</summary>
internal static class Ldel
{
    public static QueueDecision Decide(QueueState state, QueueCommand.Client client) =>
        Outcome.Update(state, state.Record.Link is null ? state.Record : state.Record.WithLink(null), client);
}
