using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;

namespace SimplexActors.Actors.Queues.Decisions;

/// <summary><c>RKEY</c> (S-240): replaces all recipient keys of a contact address, the one that authorised this too.</summary>
internal static class Rkey
{
    public static QueueDecision Decide(QueueState state, QueueCommand.Client client, RkeyCommand rkey)
    {
        QueueRecord record = state.Record;
        if (record.Mode is not QueueMode.Contact)
        {
            return Outcome.Reply(state, client, Answers.Auth);
        }

        return record.RecipientKeys.AsSpan().SequenceEqual(rkey.RecipientKeys.AsSpan())
            ? Outcome.Update(state, record, client)
            : Outcome.Update(state, record with { RecipientKeys = rkey.RecipientKeys, KeysVersion = record.KeysVersion + 1 }, client);
    }
}
