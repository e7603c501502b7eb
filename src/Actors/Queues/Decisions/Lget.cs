using SimplexActors.Protocol.Smp;

namespace SimplexActors.Actors.Queues.Decisions;

/// <summary><c>LGET</c> (S-239): reads the link data of a contact address, or of an unsecured queue of unknown mode.</summary>
internal static class Lget
{
    public static QueueDecision Decide(QueueState state, QueueCommand.Client client) =>
        state.Record is { Mode: QueueMode.Contact } or { Mode: null, SenderKey: null }
            ? Outcome.Of(state, [new QueueEffect.ReplyLink(client.ReplyTo, client.EntityId, state.Record.SenderId)])
            : Outcome.Reply(state, client, Answers.Auth);
}
