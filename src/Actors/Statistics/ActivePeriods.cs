namespace SimplexActors.Actors.Statistics;

/// <summary>The periods in which a queue was used; those in the upper half mean messages with the notification flag.</summary>
[Flags]
internal enum ActivePeriods : byte
{
    None = 0,
    Day = 1,
    Week = 2,
    Month = 4,
    NtfDay = 8,
    NtfWeek = 16,
    NtfMonth = 32,
    Message = Day | Week | Month,
    All = Message | NtfDay | NtfWeek | NtfMonth,
}

/// <summary>When periods end: days at midnight, weeks on Mondays, months on the first (O-263), all in UTC.</summary>
internal static class Calendar
{
    /// <summary>Whole days since the Unix epoch.</summary>
    public static int DayOf(DateTimeOffset time) => (int)(time.ToUnixTimeSeconds() / 86_400);

    /// <summary>Time until the next midnight.</summary>
    public static TimeSpan UntilMidnight(DateTimeOffset now) => TimeSpan.FromDays(1) - now.UtcDateTime.TimeOfDay;

    /// <summary>The periods that contain day <paramref name="from"/> but not day <paramref name="to"/>.</summary>
    public static ActivePeriods Ended(int from, int to)
    {
        if (from == to)
        {
            return ActivePeriods.None;
        }

        ActivePeriods ended = ActivePeriods.Day | ActivePeriods.NtfDay;
        if (WeekOf(from) != WeekOf(to))
        {
            ended |= ActivePeriods.Week | ActivePeriods.NtfWeek;
        }

        DateTime first = DateTime.UnixEpoch.AddDays(from);
        DateTime second = DateTime.UnixEpoch.AddDays(to);
        return first.Month == second.Month && first.Year == second.Year
            ? ended
            : ended | ActivePeriods.Month | ActivePeriods.NtfMonth;
    }

    // Day 0 was a Thursday, so that day 4 begins a week.
    private static int WeekOf(int day) => (int)Math.Floor((day - 4) / 7.0);
}
