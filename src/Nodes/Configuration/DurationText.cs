using System.Globalization;

namespace SimplexActors.Nodes.Configuration;

/// <summary>Writes a time in the largest unit that divides it, as the configuration writes it: "21 days", "90 s" (O-185).</summary>
internal static class DurationText
{
    private static readonly (TimeSpan Unit, string One, string Many)[] Units =
    [
        (TimeSpan.FromDays(1), "day", "days"),
        (TimeSpan.FromHours(1), "hour", "hours"),
        (TimeSpan.FromMinutes(1), "minute", "minutes"),
        (TimeSpan.FromSeconds(1), "s", "s"),
    ];

    /// <summary>The text of <paramref name="time"/>; whole milliseconds below one second.</summary>
    public static string Of(TimeSpan time)
    {
        foreach ((TimeSpan unit, string one, string many) in Units)
        {
            if (time.Ticks != 0 && time.Ticks % unit.Ticks == 0)
            {
                long count = time.Ticks / unit.Ticks;
                return string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many)}");
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalMilliseconds} ms");
    }
}
