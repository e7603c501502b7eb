using System.Globalization;
using System.Runtime.InteropServices;

namespace SimplexActors.Nodes.Configuration;

/// <summary>How often something may happen: so often in a period in the long run, and so often at once.</summary>
/// <param name="Count">In one period; 0: without limit.</param>
/// <param name="Period">A second or a minute.</param>
/// <param name="Burst">At once, after a time without; 1 or more.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Rate(int Count, TimeSpan Period, int Burst)
{
    private const int MaxCount = 1_000_000;
    private const int MaxBurst = 10_000_000;

    /// <summary>Without limit.</summary>
    public static Rate Unlimited { get; } = new(0, TimeSpan.FromSeconds(1), 1);

    /// <summary>True when nothing is limited.</summary>
    public bool IsUnlimited => Count == 0;

    /// <summary>So many in a second.</summary>
    public static Rate PerSecond(int count, int burst) => new(count, TimeSpan.FromSeconds(1), burst);

    /// <summary>So many in a minute.</summary>
    public static Rate PerMinute(int count, int burst) => new(count, TimeSpan.FromMinutes(1), burst);

    /// <summary>Reads <c>0</c>, <c>100 per second</c> or <c>600 per minute, burst 2000</c>; without a burst it is the count.</summary>
    public static Parsed<Rate> Parse(string text)
    {
        string[] words = text.Replace(",", " , ", StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words switch
        {
            ["0"] => Parsed<Rate>.Of(Unlimited),
            [var count, "per", var period] => Parse(count, period, count),
            [var count, "per", var period, ",", "burst", var burst] => Parse(count, period, burst),
            _ => NotRate,
        };
    }

    /// <summary>As <see cref="Parse(string)"/> reads it.</summary>
    public override string ToString() =>
        IsUnlimited ? "0" : string.Create(CultureInfo.InvariantCulture, $"{Count} per {(Period == TimeSpan.FromSeconds(1) ? "second" : "minute")}, burst {Burst}");

    private static Parsed<Rate> NotRate => Parsed<Rate>.Not(
        $"0 for no limit, or a rate such as \"100 per second, burst 500\" (second or minute; 1 to {MaxCount}, burst 1 to {MaxBurst})");

    private static Parsed<Rate> Parse(string countText, string period, string burstText)
    {
        Parsed<int> count = ValueParsers.Integer(countText, 1, MaxCount);
        Parsed<int> burst = ValueParsers.Integer(burstText, 1, MaxBurst);
        return count.Success && burst.Success && (period is "second" or "minute")
            ? Parsed<Rate>.Of(new Rate(count.Value, period == "second" ? TimeSpan.FromSeconds(1) : TimeSpan.FromMinutes(1), burst.Value))
            : NotRate;
    }
}
