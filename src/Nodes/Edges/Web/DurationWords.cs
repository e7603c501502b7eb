using System.Globalization;

namespace SimplexActors.Nodes.Edges.Web;

/// <summary>Writes a time for people, in the words of other routers' pages (O-217).</summary>
internal static class DurationWords
{
    private const long SecondsPerDay = 86_400;

    private static readonly (long Seconds, string One, string Many)[] Units =
    [
        (30 * SecondsPerDay, "month", "months"),
        (SecondsPerDay, "day", "days"),
        (3600, "hour", "hours"),
        (60, "min", "min"),
        (1, "sec", "sec"),
    ];

    /// <summary>Such as "21 days", "2 weeks" or "1 day 1 hour 1 min 1 sec"; parts of a second are left out.</summary>
    public static string Of(TimeSpan time)
    {
        long seconds = (long)time.TotalSeconds;
        var parts = new List<string>();
        foreach ((long unit, string one, string many) in Units)
        {
            long count = seconds / unit;
            seconds %= unit;
            if (count > 0)
            {
                parts.Add(unit == SecondsPerDay ? Days(count) : Count(count, one, many));
            }
        }

        return parts.Count == 0 ? "0 sec" : string.Join(' ', parts);
    }

    private static string Days(long count) => count switch
    {
        7 => "1 week",
        14 => "2 weeks",
        _ => Count(count, "day", "days"),
    };

    private static string Count(long count, string one, string many) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many)}");
}
