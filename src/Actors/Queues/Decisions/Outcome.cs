using System.Collections.Immutable;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Actors.Queues.Decisions;

/// <summary>The usual shapes of a decision.</summary>
internal static class Outcome
{
    public static QueueDecision Nothing(QueueState? state) => new(state, [], [], []);

    public static QueueDecision Of(QueueState? state, ImmutableArray<QueueEffect> effects) => new(state, [], effects, []);

    public static QueueDecision Of(QueueState? state, ImmutableArray<QueueChange> changes, ImmutableArray<QueueEffect> effects) =>
        new(state, changes, effects, []);

    public static QueueDecision Reply(QueueState? state, QueueCommand.Client client, SmpResponse response) =>
        Of(state, [new QueueEffect.Reply(client.ReplyTo, response)]);

    /// <summary>Counts and answers.</summary>
    public static QueueDecision Reply(QueueState? state, QueueCommand.Client client, SmpResponse response, QueueEffect.Count? count) =>
        count is null ? Reply(state, client, response) : Of(state, [count, new QueueEffect.Reply(client.ReplyTo, response)]);

    /// <summary>Answers <c>AUTH</c> and counts it (S-187).</summary>
    public static QueueDecision Auth(QueueState? state, QueueCommand.Client client) =>
        Reply(state, client, Answers.Auth, Counts.OfAuth(client.Command.Tag));

    /// <summary>Stores <paramref name="record"/> and answers; only answers when the record did not change.</summary>
    public static QueueDecision Update(QueueState state, QueueRecord record, QueueEffect answer) =>
        ReferenceEquals(state.Record, record)
            ? Of(state, [answer])
            : Of(state with { Record = record }, [new QueueChange.Update(record)], [answer]);

    /// <summary>Stores <paramref name="record"/> and answers <c>OK</c>.</summary>
    public static QueueDecision Update(QueueState state, QueueRecord record, QueueCommand.Client client) =>
        Update(state, record, new QueueEffect.Reply(client.ReplyTo, OkResponse.Instance));
}
