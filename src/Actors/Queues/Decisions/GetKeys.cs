namespace SimplexActors.Actors.Queues.Decisions;

/// <summary>Publishes the keys that the edge authorises commands with.</summary>
internal static class GetKeys
{
    public static QueueDecision Decide(QueueState? state, QueueCommand.GetKeys command) =>
        Outcome.Of(state, [new QueueEffect.ReplyKeys(command.ReplyTo, state is null ? null : Of(state.Record))]);

    private static QueueKeys Of(QueueRecord record) =>
        new(record.RecipientId, record.KeysVersion, record.RecipientKeys, record.SenderKey, record.Notifier?.Key, record.Mode);
}
