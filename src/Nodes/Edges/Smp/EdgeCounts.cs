using SimplexActors.Actors.Statistics;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Errors;

namespace SimplexActors.Nodes.Edges.Smp;

/// <summary>What the edge counts, because no queue knows of it (section 27).</summary>
internal static class EdgeCounts
{
    /// <summary>Events that one batch of <see cref="Counter.QSubEndB"/> holds (S-405).</summary>
    private const int EndsPerBatch = 255;

    /// <summary>Events that one batch of <see cref="Counter.MsgNtfsB"/> holds (S-300).</summary>
    private const int NotificationsPerBatch = 80;

    /// <summary>
    /// A block of several commands of one party, by its first command and even if nothing verifies (S-403); what could not be
    /// read is no command.
    /// </summary>
    public static void AddBlock(RouterStatistics statistics, IReadOnlyList<CommandSlot> slots)
    {
        SmpCommandTag? first = null;
        int commands = 0;
        foreach (CommandSlot slot in slots)
        {
            if (slot is not { State: not SlotState.Done, Command.Tag: var tag })
            {
                continue;
            }

            first ??= tag;
            if (CommandParties.PartyOf(tag) != CommandParties.PartyOf(first.Value))
            {
                return;
            }

            commands++;
        }

        if (commands > 1 && BatchCounter(first!.Value) is { } counter)
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

    /// <summary><c>END</c>, <c>DELD</c> and <c>ENDS</c> that were sent together (S-405).</summary>
    public static void AddEnds(RouterStatistics statistics, int events) =>
        AddBatch(statistics, Counter.QSubEnd, Counter.QSubEndB, events, EndsPerBatch);

    /// <summary><c>NMSG</c> that were sent together (S-300).</summary>
    public static void AddNotifications(RouterStatistics statistics, int events) =>
        AddBatch(statistics, Counter.MsgNtfs, Counter.MsgNtfsB, events, NotificationsPerBatch);

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
