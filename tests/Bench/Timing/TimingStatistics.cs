namespace SimplexActors.Bench.Timing;

/// <summary>Compares two sets of times.</summary>
internal static class TimingStatistics
{
    /// <summary>The value that a share of the sorted times does not exceed.</summary>
    public static double Quantile(double[] sorted, double share) => sorted[(int)(share * (sorted.Length - 1))];

    /// <summary>
    /// The chance that a time of <paramref name="b"/> is longer than one of <paramref name="a"/> (Mann and Whitney): 0.5 when nobody
    /// can tell them apart, 0 or 1 when one sample is enough. Also the probability to see as much by accident.
    /// </summary>
    public static (double Chance, double Probability) Compare(double[] a, double[] b)
    {
        (double Time, bool IsB)[] all = [.. a.Select(time => (time, false)), .. b.Select(time => (time, true))];
        Array.Sort(all, (x, y) => x.Time.CompareTo(y.Time));
        double ranksOfB = 0;
        for (int i = 0; i < all.Length; i++)
        {
            ranksOfB += all[i].IsB ? i + 1 : 0;
        }

        double wins = ranksOfB - (b.Length * (b.Length + 1.0) / 2);
        double mean = a.Length * (double)b.Length / 2;
        double deviation = Math.Sqrt(a.Length * (double)b.Length * (a.Length + b.Length + 1) / 12);
        return (wins / (a.Length * (double)b.Length), TwoSided((wins - mean) / deviation));
    }

    /// <summary>Probability of a standard normal value at least this far from 0 (Abramowitz and Stegun 7.1.26).</summary>
    private static double TwoSided(double z)
    {
        double x = Math.Abs(z) / Math.Sqrt(2);
        double t = 1 / (1 + (0.3275911 * x));
        double series = t * (0.254829592 + (t * (-0.284496736 + (t * (1.421413741 + (t * (-1.453152027 + (t * 1.061405429))))))));
        return series * Math.Exp(-x * x);
    }
}
