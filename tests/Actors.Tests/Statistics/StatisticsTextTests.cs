using SimplexActors.Actors.Statistics;
using SimplexActors.Actors.Storage;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Actors.Tests.Statistics;

public sealed class StatisticsTextTests
{
    [Fact]
    [Spec("S-402", "S-404", "S-405", "S-275")]
    public void Lines_stand_in_the_order_of_the_control_port()
    {
        var statistics = new RouterStatistics(new DateTimeOffset(2031, 5, 6, 7, 8, 9, TimeSpan.Zero));
        foreach (Counter counter in Enum.GetValues<Counter>())
        {
            statistics.Add(counter, (long)counter);
        }

        statistics.ActiveQueues.Use(EntityId.Random(), notification: false);
        var stored = new StoreCounts(Queues: 1001, Messages: 1002, Notifiers: 1003, Notifications: 1004)
        {
            RcvServices = 1005,
            NtfServices = 1006,
            RcvServiceQueues = 1007,
            NtfServiceQueues = 1008,
        };
        string[] lines = [.. StatisticsText.Lines(statistics.Snapshot, stored, isAdmin: true)];
        string[] names = [.. lines.Select(line => line[..line.IndexOf(": ", StringComparison.Ordinal)])];
        Assert.Equal(
            [
                "fromTime", "qCreated", "qSecured", "qDeletedAll", "qDeletedAllB", "qDeletedNew", "qDeletedSecured", "daily active queues",
                "qSub", "qSubAllB", "qSubEnd", "qSubEndB", "other SUB events (auth, duplicate, prohibited)",
                "msgSent", "msgRecv", "msgRecvGet", "msgGet", "msgGetNoMsg", "other GET events (auth, duplicate, prohibited)",
                "msgSentNtf", "msgRecvNtf", "msgNtfs", "msgNtfsB", "msgNtfExpired", "qCount", "qCount 2", "notifiers", "msgCount", "ntfCount",
                "ntfCount 2", "pRelays", "pRelaysOwn", "pMsgFwds", "pMsgFwdsOwn", "pMsgFwdsRecv",
                "rcvServiceCount", "ntfServiceCount", "rcvServiceQueuesCount", "ntfServiceQueuesCount",
            ],
            names);
        Assert.Equal("fromTime: 2031-05-06 07:08:09.000000 UTC", lines[0]);
        Assert.Contains("daily active queues: 1", lines);
        Assert.Contains($"msgSent: {(long)Counter.MsgSent}", lines);
        Assert.Contains("ntfCount 2: 1004", lines);
        Assert.Equal(["rcvServiceCount: 1005", "ntfServiceCount: 1006", "rcvServiceQueuesCount: 1007", "ntfServiceQueuesCount: 1008"], lines[^4..]);
        Assert.Contains(
            $"other GET events (auth, duplicate, prohibited): ({(long)Counter.MsgGetAuth},{(long)Counter.MsgGetDuplicate},{(long)Counter.MsgGetProhibited})",
            lines);
        Assert.Contains(
            $"pMsgFwdsOwn: requests={(long)Counter.PMsgFwdsOwnRequests}, successes={(long)Counter.PMsgFwdsOwnSuccesses}, "
            + $"errorsConnect={(long)Counter.PMsgFwdsOwnErrorsConnect}, errorsCompat={(long)Counter.PMsgFwdsOwnErrorsCompat}, "
            + $"errorsOther={(long)Counter.PMsgFwdsOwnErrorsOther}",
            lines);
        Assert.Equal(lines.Length - 1, StatisticsText.Lines(statistics.Snapshot, stored, isAdmin: false).Count());
    }

    [Fact]
    public void Every_counter_has_a_name_of_its_own()
    {
        string[] names = [.. Enum.GetValues<Counter>().Select(StatisticsNames.Of)];
        Assert.Equal(names.Length, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.Equal("pRelaysOwnErrorsCompat", StatisticsNames.Of(Counter.PRelaysOwnErrorsCompat));
    }
}
