using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;

namespace SimplexActors.Actors.Queues.Decisions;

/// <summary>
/// <c>KEY</c>, <c>SKEY</c>, <c>LKEY</c> (S-236 to S-238): set the sender's key once. Whoever comes second with another key
/// is refused (S-480); the same key may be set again.
/// </summary>
internal static class Key
{
    public static QueueDecision Decide(QueueState state, QueueCommand.Client client, KeyCommand key) =>
        Secured(state.Record, key.SenderKey) is { } record
            ? Counted(Outcome.Update(state, record, client))
            : Outcome.Reply(state, client, Answers.Auth);

    public static QueueDecision Decide(QueueState state, QueueCommand.Client client, SkeyCommand skey) =>
        state.Record.Mode is QueueMode.Messaging && Secured(state.Record, skey.SenderKey) is { } record
            ? Counted(Outcome.Update(state, record, client))
            : Outcome.Reply(state, client, Answers.Auth);

    public static QueueDecision Decide(QueueState state, QueueCommand.Client client, LkeyCommand lkey) =>
        state.Record.Mode is QueueMode.Messaging && Secured(state.Record, lkey.SenderKey) is { } record
            ? Counted(Outcome.Update(state, record, new QueueEffect.ReplyLink(client.ReplyTo, client.EntityId, record.SenderId)))
            : Outcome.Reply(state, client, Answers.Auth);

    /// <summary>A repeated key counts too (O-291).</summary>
    private static QueueDecision Counted(in QueueDecision secured) => secured with { Effects = secured.Effects.Insert(0, Counts.Secured) };

    /// <summary>The record with the key; the same record when it has this key, null when it has another.</summary>
    private static QueueRecord? Secured(QueueRecord record, PublicKey key)
    {
        if (record.SenderKey is { } stored)
        {
            return stored.Equals(key) ? record : null;
        }

        return record with { SenderKey = key, KeysVersion = record.KeysVersion + 1 };
    }
}
