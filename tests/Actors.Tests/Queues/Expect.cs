using SimplexActors.Actors.Queues;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Actors.Tests.Queues;

/// <summary>What connections are expected to receive.</summary>
internal static class Expect
{
    public static ErrResponse AuthError { get; } = new(SmpError.Auth);

    public static ErrResponse QuotaError { get; } = new(SmpError.Quota);

    public static Received Ok { get; } = new Received.Answer(OkResponse.Instance);

    public static Received Sok { get; } = new Received.Answer(SokResponse.Plain);

    public static Received Auth { get; } = Error(SmpError.Auth);

    public static Received NoMsg { get; } = Error(SmpError.NoMsg);

    public static Received Prohibited { get; } = Error(CmdError.Prohibited);

    public static Received Error(SmpError error) => new Received.Answer(new ErrResponse(error));

    public static Received Event(EntityId entityId, SmpResponse response, bool keep = false) => new Received.Event(entityId, response, keep);

    /// <summary>Ids of the message events.</summary>
    public static EntityId[] Pushed(Received[] received) => [.. received.OfType<Received.Push>().Select(p => p.MessageId)];
}

/// <summary>Keeps the answer to an operator's command.</summary>
internal sealed class TestStatus : IOperatorReply
{
    public List<(QueueStatus? Status, bool Changed)> Answers { get; } = [];

    /// <summary>Messages that the queue held when it was told last.</summary>
    public int Messages { get; private set; }

    public void Done(QueueRecord? before, QueueRecord? after, int messages)
    {
        Messages = messages;
        bool changed = (before?.Status, after?.Status) is (QueueStatus.ActiveStatus, QueueStatus.Blocked) or (QueueStatus.Blocked, QueueStatus.ActiveStatus)
            || before is null != after is null;
        Answers.Add((after?.Status, changed));
    }

    public void Failed() => throw new InvalidOperationException("No store is involved.");
}
