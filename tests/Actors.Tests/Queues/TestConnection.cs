using SimplexActors.Actors.Queues;
using SimplexActors.Actors.Services;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Responses;
using Xunit;

namespace SimplexActors.Actors.Tests.Queues;

/// <summary>A client connection that writes down what it is told, in order.</summary>
public sealed class TestConnection(string name, EntityId? serviceId = null) : IServiceSubscriber, IReplyTarget
{
    private readonly HashSet<int> _decided = [];
    private int _slots;

    /// <summary>Everything since the last <see cref="Take"/>.</summary>
    public List<Received> Log { get; } = [];

    /// <inheritdoc/>
    public EntityId? ServiceId => serviceId;

    /// <summary>The connection that this is too, seen over another session of its node.</summary>
    public TestConnection? Stands { get; init; }

    /// <summary>The next slot to be answered.</summary>
    public ReplyTo NextReply() => new(this, _slots++);

    /// <summary>What was received since the last call, without the bookkeeping of subscriptions.</summary>
    public Received[] Take()
    {
        Received[] taken = [.. Log.Where(r => r is not (Received.Subscribed or Received.Attached or Received.Remembered))];
        Log.Clear();
        return taken;
    }

    /// <inheritdoc/>
    public override string ToString() => name;

    void ISubscriber.Deliver(Delivery delivery) => Log.Add(new Received.Push(delivery.Header.MessageId, delivery.Body));

    void ISubscriber.Notify(EntityId recipientId, EntityId notifierId, StoredNotification notification) => Log.Add(new Received.Notified(notifierId, notification));

    void ISubscriber.NotifyStored(EntityId recipientId, EntityId notifierId) => Log.Add(new Received.NotifyStored(notifierId));

    void ISubscriber.Event(EntityId entityId, SmpResponse response, bool keep, long epoch) => Log.Add(new Received.Event(entityId, response, keep));

    void ISubscriber.Subscribed(EntityId recipientId, EntityId entityId, long epoch) => Log.Add(new Received.Subscribed(recipientId, entityId, epoch));

    void ISubscriber.Renewed(RenewedUse use, EntityId recipientId, EntityId entityId, long epoch, bool failed) =>
        Log.Add(new Received.Renewed(use, entityId, epoch, failed));

    bool ISubscriber.IsSameAs(ISubscriber other) => ReferenceEquals(this, other) || (other is TestConnection same && same.Stands == this) || Stands == other;

    void ISubscriber.Remembered(EntityId recipientId) => Log.Add(new Received.Remembered(recipientId));

    void IServiceSubscriber.Joined(bool subscribed, long epoch) => Log.Add(new Received.Joined(subscribed, epoch));

    void IServiceSubscriber.Ended(ServiceQueues? counters) => Log.Add(new Received.Ended(counters));

    void IServiceSubscriber.Mail(EntityId recipientId, ISubscriber? lost) => Log.Add(new Received.Mail(recipientId));

    void IServiceSubscriber.NotifierMail(EntityId recipientId, EntityId notifierId) => Log.Add(new Received.Mail(notifierId));

    void IServiceSubscriber.Attached(EntityId recipientId, EntityId entityId, long epoch) => Log.Add(new Received.Attached(recipientId, entityId, epoch));

    void IServiceSubscriber.AttachAnswered(EntityId entityId, bool failed) => Log.Add(new Received.AttachAnswered(entityId, failed));

    void IServiceSubscriber.Taken(EntityId entityId) => Log.Add(new Received.Taken(entityId));

    void IReplyTarget.Reply(int slot, SmpResponse response) => Answer(slot, new Received.Answer(response));

    void IReplyTarget.ReplyMessage(int slot, Delivery delivery) => Answer(slot, new Received.Message(delivery.Header.MessageId));

    void IReplyTarget.ReplyLink(int slot, EntityId linkId, EntityId senderId) => Answer(slot, new Received.Link(linkId, senderId));

    void IReplyTarget.Stale(int slot) => Answer(slot, new Received.Stale(), decided: false);

    void IReplyTarget.Decided(int slot) => Assert.True(_decided.Add(slot));

    private void Answer(int slot, Received answer, bool decided = true)
    {
        Assert.Equal(decided, _decided.Contains(slot));
        Log.Add(answer);
    }
}

/// <summary>One thing that a connection was told.</summary>
public abstract record Received
{
    /// <summary>An answer.</summary>
    public sealed record Answer(SmpResponse Response) : Received;

    /// <summary>An answer with a message whose body is read later.</summary>
    public sealed record Message(EntityId MessageId) : Received;

    /// <summary>An answer with link data.</summary>
    public sealed record Link(EntityId LinkId, EntityId SenderId) : Received;

    /// <summary>The command has to be authorised again.</summary>
    public sealed record Stale : Received;

    /// <summary>A message event; body null when it has to be read.</summary>
    public sealed record Push(EntityId MessageId, ReadOnlyMemory<byte>? Body) : Received;

    /// <summary>END, DELD or ERR BLOCKED.</summary>
    public sealed record Event(EntityId EntityId, SmpResponse Response, bool Keep) : Received;

    /// <summary>A notification event.</summary>
    public sealed record Notified(EntityId NotifierId, StoredNotification Notification) : Received;

    /// <summary>Stored notifications have to be sent.</summary>
    public sealed record NotifyStored(EntityId NotifierId) : Received;

    /// <summary>The queue has this subscriber.</summary>
    public sealed record Subscribed(EntityId RecipientId, EntityId EntityId, long Epoch) : Received;

    /// <summary>A renewal was answered.</summary>
    public sealed record Renewed(RenewedUse Use, EntityId EntityId, long Epoch, bool Failed) : Received;

    /// <summary>The queue remembers GET.</summary>
    public sealed record Remembered(EntityId RecipientId) : Received;

    /// <summary>The connection belongs to its service.</summary>
    public sealed record Joined(bool HoldsAll, long Epoch) : Received;

    /// <summary>The connection lost its service.</summary>
    public sealed record Ended(ServiceQueues? Counters) : Received;

    /// <summary>Something waits for the service at this recipient or notifier id.</summary>
    public sealed record Mail(EntityId EntityId) : Received;

    /// <summary>The queue is attached for its service.</summary>
    public sealed record Attached(EntityId RecipientId, EntityId EntityId, long Epoch) : Received;

    /// <summary>Attaching was answered.</summary>
    public sealed record AttachAnswered(EntityId EntityId, bool Failed) : Received;

    /// <summary>Another connection of the service subscribed to this id.</summary>
    public sealed record Taken(EntityId EntityId) : Received;
}
