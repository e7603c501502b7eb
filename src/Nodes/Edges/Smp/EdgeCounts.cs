using SimplexActors.Actors.Statistics;
using SimplexActors.Nodes.Edges.Smp.Services;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Nodes.Edges.Smp;

/// <summary>What the edge counts, because no queue knows of it (section 27).</summary>
internal static class EdgeCounts
{
    /// <summary>Events that one batch of <see cref="Counter.QSubEndB"/> holds (S-405).</summary>
    private const int EndsPerBatch = 255;

    /// <summary>Events that one batch of <see cref="Counter.MsgNtfsB"/> holds (S-300).</summary>
    private const int NotificationsPerBatch = 80;

    /// <summary>
    /// Commands that came through a proxy, and a block of several commands of one party, by its first command and even if nothing verifies (S-403); what could not be
    /// read is no command.
    /// </summary>
    public static void AddBlock(RouterStatistics statistics, IReadOnlyList<CommandSlot> slots)
    {
        SmpCommandTag? first = null;
        int commands = 0;
        bool isOneParty = true;
        foreach (CommandSlot slot in slots)
        {
            if (slot.Forwarded is not null)
            {
                // Both layers of an RFWD were opened, whatever is in it (S-356).
                statistics.Add(Counter.PMsgFwdsRecv);
            }

            if (slot is not { State: not SlotState.Done, Command.Tag: var tag })
            {
                continue;
            }

            first ??= tag;
            isOneParty &= CommandParties.PartyOf(tag) == CommandParties.PartyOf(first.Value);
            commands++;
        }

        if (commands > 1 && isOneParty && BatchCounter(first!.Value) is { } counter)
        {
            statistics.Add(counter);
        }
    }

    /// <summary>A command that failed its authorisation; errors other than <c>AUTH</c> are not counted (S-187).</summary>
    public static void AddRefusal(RouterStatistics statistics, SmpCommandTag tag, SmpError refusal)
    {
        if (refusal == SmpError.Auth && RefusalCounter(tag) is { } counter)
        {
            statistics.Add(counter);
        }
    }

    /// <summary>Adds to a counter of the kind of services that <paramref name="service"/> is (S-407).</summary>
    public static void Add(RouterStatistics statistics, Counter receiving, ServiceSession service, long count = 1) =>
        statistics.Add(ServiceCounters.Of(receiving, service.Role is ServiceRole.Notifier), count);

    /// <summary>
    /// A service subscribed to all its queues: what the router knows of them against what the service expected (O-316). One
    /// that is too old to say what it expects has what it wants.
    /// </summary>
    public static void AddServiceSubscription(RouterStatistics statistics, ServiceSession service, ServiceQueues expected, ServiceQueues known)
    {
        Add(statistics, Counter.RcvServicesSubQueues, service, known.Count);
        long more = known.Count - expected.Count;
        if (expected.Count < 0 || expected == known)
        {
            Add(statistics, Counter.RcvServicesSubOk, service);
        }
        else if (more == 0)
        {
            Add(statistics, Counter.RcvServicesSubDiff, service);
        }
        else
        {
            Add(statistics, more > 0 ? Counter.RcvServicesSubMore : Counter.RcvServicesSubFewer, service);
            Add(statistics, more > 0 ? Counter.RcvServicesSubMoreTotal : Counter.RcvServicesSubFewerTotal, service, Math.Abs(more));
        }
    }

    /// <summary>An event that tells of the end of a subscription.</summary>
    public static bool IsEnd(SmpResponse response) => response is EndResponse or DeldResponse or EndsResponse;

    /// <summary><c>END</c>, <c>DELD</c> and <c>ENDS</c> that were sent together (S-405).</summary>
    public static void AddEnds(RouterStatistics statistics, int events) =>
        AddBatch(statistics, Counter.QSubEnd, Counter.QSubEndB, events, EndsPerBatch);

    /// <summary><c>NMSG</c> that were sent together (S-300).</summary>
    public static void AddNotifications(RouterStatistics statistics, int events) =>
        AddBatch(statistics, Counter.MsgNtfs, Counter.MsgNtfsB, events, NotificationsPerBatch);

    /// <summary><c>RSLV</c> (S-367).</summary>
    public static void AddLookup(RouterStatistics statistics, bool isDisabled)
    {
        statistics.Add(Counter.RslvReqs);
        if (isDisabled)
        {
            statistics.Add(Counter.RslvDisabled);
        }
    }

    /// <summary>The answer of a lookup; a client that left before it has none (S-367).</summary>
    public static void AddLookupAnswer(RouterStatistics statistics, SmpResponse answer) => statistics.Add(answer switch
    {
        RnameResponse => Counter.RslvSucc,
        ErrResponse { Error: var error } when error == SmpError.NameNotFound => Counter.RslvNotFound,
        _ => Counter.RslvResolverErrs,
    });

    private static void AddBatch(RouterStatistics statistics, Counter counter, Counter batches, int events, int perBatch)
    {
        if (events > 0)
        {
            statistics.Add(counter, events);
            statistics.Add(batches, (events + perBatch - 1) / perBatch);
        }
    }

    private static Counter? BatchCounter(SmpCommandTag tag) => tag switch
    {
        SmpCommandTag.SUB => Counter.QSubAllB,
        SmpCommandTag.DEL => Counter.QDeletedAllB,
        SmpCommandTag.NDEL => Counter.NtfDeletedB,
        SmpCommandTag.NSUB => Counter.NtfSubB,
        _ => null,
    };

    private static Counter? RefusalCounter(SmpCommandTag tag) => tag switch
    {
        SmpCommandTag.SEND => Counter.MsgSentAuth,
        SmpCommandTag.SUB => Counter.QSubAuth,
        SmpCommandTag.NSUB => Counter.NtfSubAuth,
        SmpCommandTag.GET => Counter.MsgGetAuth,
        _ => null,
    };
}
