namespace SimplexActors.Soak;

/// <summary>Whether memory stays flat after the warm-up: the last quarter of the time against the second one.</summary>
public sealed class SoakMemory
{
    private readonly List<double> _mebibytes = [];

    /// <summary>Adds a sample; samples come at equal times.</summary>
    public void Add(double mebibytes) => _mebibytes.Add(mebibytes);

    /// <summary>Average of the second quarter, MiB.</summary>
    public double Warm => Average(_mebibytes.Count / 4, _mebibytes.Count / 2);

    /// <summary>Average of the last quarter, MiB.</summary>
    public double End => Average(_mebibytes.Count * 3 / 4, _mebibytes.Count);

    private double Average(int from, int to) => to > from ? _mebibytes[from..to].Average() : 0;
}
