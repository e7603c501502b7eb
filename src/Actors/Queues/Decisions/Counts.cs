using System.Collections.Immutable;
using SimplexActors.Actors.Statistics;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Commands;

namespace SimplexActors.Actors.Queues.Decisions;

/// <summary>What decisions count (section 27). Made once, so that counting allocates nothing per command.</summary>
internal static class Counts
{
    private const int PreparedAckSeconds = 60;

    private static readonly ImmutableArray<QueueEffect.CountAckTime> AckTimesPrepared =
        [.. Enumerable.Range(0, PreparedAckSeconds + 1).Select(seconds => new QueueEffect.CountAckTime(seconds))];

    public static QueueEffect.Count Created { get; } = new([Counter.QCreated]);

    public static QueueEffect.Count CreatedWithNotifier { get; } = new([Counter.QCreated, Counter.NtfNewCreated]);

    public static QueueEffect.Count Secured { get; } = new([Counter.QSecured]);

    private static QueueEffect.Count DeletedNew { get; } = new([Counter.QDeletedAll, Counter.QDeletedNew]);

    private static QueueEffect.Count DeletedSecured { get; } = new([Counter.QDeletedAll, Counter.QDeletedSecured]);

    public static QueueEffect.Count Blocked { get; } = new([Counter.QBlocked]);

    public static QueueEffect.Count Subscribed { get; } = new([Counter.QSub]);

    public static QueueEffect.Count SubDuplicate { get; } = new([Counter.QSubDuplicate]);

    public static QueueEffect.Count SubProhibited { get; } = new([Counter.QSubProhibited]);

    public static QueueEffect.Count NotifierCreated { get; } = new([Counter.NtfCreated]);

    public static QueueEffect.Count NotifierDeleted { get; } = new([Counter.NtfDeleted]);

    public static QueueEffect.Count NotifierSubscribed { get; } = new([Counter.NtfSub]);

    public static QueueEffect.Count NotifierSubDuplicate { get; } = new([Counter.NtfSubDuplicate]);

    public static QueueEffect.Count SentAuth { get; } = new([Counter.MsgSentAuth]);

    public static QueueEffect.Count SentQuota { get; } = new([Counter.MsgSentQuota]);

    public static QueueEffect.Count SentLarge { get; } = new([Counter.MsgSentLarge]);

    public static QueueEffect.Count SentBlock { get; } = new([Counter.MsgSentBlock]);

    public static QueueEffect.Count Got { get; } = new([Counter.MsgGet]);

    public static QueueEffect.Count GotNothing { get; } = new([Counter.MsgGetNoMsg]);

    public static QueueEffect.Count GotAgain { get; } = new([Counter.MsgGetDuplicate]);

    public static QueueEffect.Count GetProhibited { get; } = new([Counter.MsgGetProhibited]);

    public static QueueEffect.Count NotificationWaits { get; } = new([Counter.MsgNtfNoSub]);

    private static QueueEffect.Count Sent { get; } = new([Counter.MsgSent], QueueUse.Message);

    private static QueueEffect.Count SentNotify { get; } = new([Counter.MsgSent, Counter.MsgSentNtf], QueueUse.Notification);

    private static QueueEffect.Count Received { get; } = new([Counter.MsgRecv], QueueUse.Message);

    private static QueueEffect.Count ReceivedNotify { get; } = new([Counter.MsgRecv, Counter.MsgRecvNtf], QueueUse.Notification);

    private static QueueEffect.Count ReceivedGet { get; } = new([Counter.MsgRecv, Counter.MsgRecvGet], QueueUse.Message);

    private static QueueEffect.Count ReceivedGetNotify { get; } =
        new([Counter.MsgRecv, Counter.MsgRecvGet, Counter.MsgRecvNtf], QueueUse.Notification);

    public static QueueEffect.Count ServiceMessage { get; } = new([Counter.RcvServicesSubMsg]);

    public static QueueEffect.Count ServiceMessageDuplicate { get; } = new([Counter.RcvServicesSubMsgDuplicate]);

    private static AssociationCounts OfQueues { get; } = new(ofNotifiers: false);

    private static AssociationCounts OfNotifiers { get; } = new(ofNotifiers: true);

    private static QueueEffect.Count SubAuth { get; } = new([Counter.QSubAuth]);

    private static QueueEffect.Count NotifierSubAuth { get; } = new([Counter.NtfSubAuth]);

    private static QueueEffect.Count GetAuth { get; } = new([Counter.MsgGetAuth]);

    /// <summary>A deleted queue (S-249).</summary>
    public static QueueEffect.Count OfDeleted(QueueRecord record) => record.SenderKey is null ? DeletedNew : DeletedSecured;

    /// <summary>A stored message (S-283).</summary>
    public static QueueEffect.Count OfSent(bool notify) => notify ? SentNotify : Sent;

    /// <summary>An acknowledged message (S-275).</summary>
    public static QueueEffect.Count OfReceived(bool notify, bool byGet) =>
        byGet ? notify ? ReceivedGetNotify : ReceivedGet : notify ? ReceivedNotify : Received;

    /// <summary>The time from a delivery to its acknowledgement.</summary>
    public static QueueEffect.CountAckTime AckTime(long seconds) =>
        seconds is >= 0 and <= PreparedAckSeconds ? AckTimesPrepared[(int)seconds] : new QueueEffect.CountAckTime(Math.Max(0, seconds));

    /// <summary>What <c>SUB</c> or <c>NSUB</c> means for the service of the queue or of its notifier (S-407); null for nothing.</summary>
    /// <param name="before">The service it belonged to.</param>
    /// <param name="after">The service of the connection.</param>
    /// <param name="ofNotifier">The command is <c>NSUB</c>.</param>
    public static QueueEffect.Count? OfAssociation(EntityId? before, EntityId? after, bool ofNotifier)
    {
        AssociationCounts counts = ofNotifier ? OfNotifiers : OfQueues;
        return (before, after) switch
        {
            (null, null) => null,
            (null, not null) => counts.New,
            (not null, null) => counts.Removed,
            _ => before == after ? counts.Duplicate : counts.Updated,
        };
    }

    /// <summary>What a command counts that is answered <c>AUTH</c> (S-187); null for nothing.</summary>
    public static QueueEffect.Count? OfAuth(SmpCommandTag tag) => tag switch
    {
        SmpCommandTag.SEND => SentAuth,
        SmpCommandTag.SUB => SubAuth,
        SmpCommandTag.NSUB => NotifierSubAuth,
        SmpCommandTag.GET => GetAuth,
        _ => null,
    };

    private sealed class AssociationCounts(bool ofNotifiers)
    {
        public QueueEffect.Count New { get; } = Of(ofNotifiers, Counter.RcvServicesAssocNew, Counter.RcvServicesSubQueues);

        public QueueEffect.Count Updated { get; } = Of(ofNotifiers, Counter.RcvServicesAssocUpdated, Counter.RcvServicesSubQueues);

        public QueueEffect.Count Duplicate { get; } = Of(ofNotifiers, Counter.RcvServicesAssocDuplicate);

        public QueueEffect.Count Removed { get; } = Of(ofNotifiers, Counter.RcvServicesAssocRemoved);

        private static QueueEffect.Count Of(bool ofNotifiers, params Counter[] counters) =>
            new([.. counters.Select(counter => ServiceCounters.Of(counter, ofNotifiers))]);
    }
}
