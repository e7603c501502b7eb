using System.Collections.Immutable;
using SimplexActors.Actors.Queues;
using SimplexActors.Actors.Services;
using SimplexActors.Nodes.Edges.Smp.Renewals;
using SimplexActors.Nodes.Edges.Smp.Services;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Commands;

namespace SimplexActors.Nodes.Edges.Smp;

/// <summary>What the connection of a client service is told, by its service and by the queues that belong to it.</summary>
internal sealed partial class SmpConnection : IServiceSubscriber
{
    private enum Membership
    {
        None,
        Member,
        Lost,
    }

    private int _membership = (int)Membership.None;

    /// <inheritdoc/>
    public EntityId? ServiceId { get; }

    /// <summary>True while the service counts the connection among its own; any thread.</summary>
    public bool IsServiceMember => Volatile.Read(ref _membership) == (int)Membership.Member;

    /// <summary>The connection leaves its service by itself.</summary>
    public void ForgetService() => Volatile.Write(ref _membership, (int)Membership.None);

    /// <summary>The service was told what the connection has with it; any thread.</summary>
    public void ServiceRenewed(RenewalRound round, bool failed) => Post(new ServiceRenewedEvent(round, failed));

    /// <summary>Sends what is stored for the service; the answer to its subscription comes first.</summary>
    public void SendStored(ImmutableArray<ISubscriber> previous) => Post(new StreamEvent(previous));

    void IServiceSubscriber.Joined(bool subscribed, long epoch)
    {
        Volatile.Write(ref _membership, (int)Membership.Member);
        Post(new JoinedEvent(subscribed, epoch));
    }

    void IServiceSubscriber.Ended(ServiceQueues? counters)
    {
        Volatile.Write(ref _membership, (int)Membership.Lost);
        Post(new ServiceEndedEvent(counters));
    }

    void IServiceSubscriber.Mail(EntityId recipientId, ISubscriber? lost) => Post(new MailEvent(recipientId, lost));

    void IServiceSubscriber.NotifierMail(EntityId recipientId, EntityId notifierId) => Post(new NotifierMailEvent(recipientId, notifierId));

    void IServiceSubscriber.Attached(EntityId recipientId, EntityId entityId, long epoch) => Post(new AttachedEvent(recipientId, entityId, epoch));

    void IServiceSubscriber.AttachAnswered(EntityId entityId, bool failed) => Post(new AttachAnsweredEvent(entityId, failed));

    void IServiceSubscriber.Taken(EntityId entityId) => Post(new TakenEvent(entityId));

    /// <summary>
    /// Null unless the service was lost, and then whoever holds it: what a queue still brings here is for him. A peer that
    /// does not read may keep this connection from telling its queues for long.
    /// </summary>
    private IServiceSubscriber? NextHolder =>
        Volatile.Read(ref _membership) == (int)Membership.Lost
        && _router.Services.HolderOf(ServiceId!.Value) is { } holder && !holder.IsSameAs(this)
            ? holder
            : null;
}
