using System.Globalization;
using SimplexActors.Actors.Storage;

namespace SimplexActors.Actors.Statistics;

/// <summary>
/// The statistics of the running period as lines <c>name: value</c>, in the order of the control port's <c>stats</c> (O-240).
/// The reference writes some gauges twice, as counted and as stored; here both are what is stored.
/// </summary>
public static class StatisticsText
{
    /// <summary>The lines.</summary>
    /// <param name="statistics">What was counted.</param>
    /// <param name="stored">How much is stored.</param>
    /// <param name="isAdmin">Adds what only administrators see.</param>
    public static IEnumerable<string> Lines(StatisticsSnapshot statistics, StoreCounts stored, bool isAdmin)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(stored);
        string Of(Counter counter) => Line(StatisticsNames.Of(counter), statistics.InPeriod(counter));
        string Others(string what, Counter auth, Counter duplicate, Counter prohibited) => string.Create(
            CultureInfo.InvariantCulture,
            $"other {what} events (auth, duplicate, prohibited): ({statistics.InPeriod(auth)},{statistics.InPeriod(duplicate)},{statistics.InPeriod(prohibited)})");
        IEnumerable<string> All(params Counter[] counters) => counters.Select(Of);

        return
        [
            "fromTime: " + statistics.PeriodBegan.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff 'UTC'", CultureInfo.InvariantCulture),
            .. All(Counter.QCreated, Counter.QSecured, Counter.QDeletedAll, Counter.QDeletedAllB, Counter.QDeletedNew, Counter.QDeletedSecured),
            "daily active queues: " + Text(statistics.ActiveQueues.Day),
            .. All(Counter.QSub, Counter.QSubAllB, Counter.QSubEnd, Counter.QSubEndB),
            Others("SUB", Counter.QSubAuth, Counter.QSubDuplicate, Counter.QSubProhibited),
            .. All(Counter.MsgSent, Counter.MsgRecv, Counter.MsgRecvGet, Counter.MsgGet, Counter.MsgGetNoMsg),
            Others("GET", Counter.MsgGetAuth, Counter.MsgGetDuplicate, Counter.MsgGetProhibited),
            .. All(Counter.MsgSentNtf, Counter.MsgRecvNtf, Counter.MsgNtfs, Counter.MsgNtfsB, Counter.MsgNtfExpired),
            Line("qCount", stored.Queues),
            Line("qCount 2", stored.Queues),
            Line("notifiers", stored.Notifiers),
            Line("msgCount", stored.Messages),
            Line("ntfCount", stored.Notifications),
            .. isAdmin ? [Line("ntfCount 2", stored.Notifications)] : Array.Empty<string>(),
            Proxy("pRelays", Counter.PRelaysRequests),
            Proxy("pRelaysOwn", Counter.PRelaysOwnRequests),
            Proxy("pMsgFwds", Counter.PMsgFwdsRequests),
            Proxy("pMsgFwdsOwn", Counter.PMsgFwdsOwnRequests),
            Of(Counter.PMsgFwdsRecv),
            Line("rcvServiceCount", stored.RcvServices),
            Line("ntfServiceCount", stored.NtfServices),
            Line("rcvServiceQueuesCount", stored.RcvServiceQueues),
            Line("ntfServiceQueuesCount", stored.NtfServiceQueues),
        ];

        // The five outcomes stand together in the enumeration.
        string Proxy(string name, Counter requests) => string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: requests={statistics.InPeriod(requests)}, successes={statistics.InPeriod(requests + 1)}, "
            + $"errorsConnect={statistics.InPeriod(requests + 2)}, errorsCompat={statistics.InPeriod(requests + 3)}, errorsOther={statistics.InPeriod(requests + 4)}");
    }

    private static string Line(string name, long value) => string.Create(CultureInfo.InvariantCulture, $"{name}: {value}");

    private static string Text(DistinctCount count) =>
        (count.IsAtLeast ? ">= " : "") + count.Count.ToString(CultureInfo.InvariantCulture);
}
