using System.Collections.Immutable;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Actors.Queues.Decisions;

/// <summary><c>NKEY</c> (S-293): new notifier credentials; the previous ones end, with their subscription and stored notifications.</summary>
internal static class Nkey
{
    public static QueueDecision Decide(QueueState state, QueueCommand.Client client)
    {
        FreshNotifier fresh = client.Fresh.Notifier
            ?? throw new InvalidOperationException("NKEY came without the credentials that the edge has to make.");
        QueueState changed = Ndel.Ended(state, client, fresh.Stored, out ImmutableArray<QueueChange> changes, out ImmutableArray<QueueEffect> effects);
        return new QueueDecision(
            changed,
            changes,
            [.. effects, Counts.NotifierCreated, new QueueEffect.Reply(client.ReplyTo, new NidResponse(fresh.Answer))],
            [new QueueEffect.Reply(client.ReplyTo, Answers.Internal)]);
    }
}
