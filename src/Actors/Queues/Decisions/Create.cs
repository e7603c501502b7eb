namespace SimplexActors.Actors.Queues.Decisions;

/// <summary>
/// <c>NEW</c>: stores a queue and subscribes its creator, if it asked to (S-233, S-234). An id that is taken
/// answers <c>AUTH</c>, which tells nobody whether a sender or link id exists (S-230).
/// </summary>
internal static class Create
{
    public static QueueDecision Decide(QueueState? state, QueueCommand.Create command, DateTimeOffset now)
    {
        var taken = new QueueEffect.Reply(command.ReplyTo, Answers.Auth);
        if (state is not null)
        {
            return Outcome.Of(state, [taken]);
        }

        QueueRecord record = command.Record with { UpdatedDay = QueueRecord.DayOf(now) };
        QueueEffect.Count counted = record.Notifier is null ? Counts.Created : Counts.CreatedWithNotifier;
        var created = new QueueEffect.Reply(command.ReplyTo, command.Ids);
        long epoch = QueueConnections.None.NextEpoch(command);
        return command.Subscriber is { } subscriber
            ? new QueueDecision(
                new QueueState(record, [], QueueConnections.None.WithSubscriber(subscriber, epoch)),
                [new QueueChange.Create(record, command.Link)],
                [new QueueEffect.Subscribed(subscriber, record.RecipientId, record.RecipientId, epoch), counted, created],
                [taken])
            : new QueueDecision(
                new QueueState(record, [], QueueConnections.None),
                [new QueueChange.Create(record, command.Link)],
                [counted, created],
                [taken]);
    }
}
