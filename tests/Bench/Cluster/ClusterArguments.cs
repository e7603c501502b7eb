using System.Globalization;

namespace SimplexActors.Bench.Cluster;

/// <summary>What <c>bench cluster</c> is asked to do.</summary>
/// <param name="Duration">Time of each measurement.</param>
/// <param name="NodeCores">CPU of each node in cores; null for no limit.</param>
/// <param name="DatabaseCores">CPU of the database in cores; null for no limit.</param>
internal sealed record ClusterArguments(TimeSpan Duration, double? NodeCores, double? DatabaseCores)
{
    /// <summary>Reads them.</summary>
    /// <exception cref="FormatException">One line that says what is wrong.</exception>
    public static ClusterArguments Parse(string[] arguments)
    {
        var read = new ClusterArguments(TimeSpan.FromSeconds(10), null, null);
        for (int i = 0; i < arguments.Length; i++)
        {
            read = arguments[i] switch
            {
                "--cpu" => read with { NodeCores = Number("--cpu", arguments.ElementAtOrDefault(++i), CpuSlice.LeastCores) },
                "--database-cpu" => read with { DatabaseCores = Number("--database-cpu", arguments.ElementAtOrDefault(++i), CpuSlice.LeastCores) },
                var seconds => read with { Duration = TimeSpan.FromSeconds(Number("SECONDS", seconds, least: 1)) },
            };
        }

        return read is { NodeCores: null, DatabaseCores: not null } ? throw new FormatException("--database-cpu needs --cpu") : read;
    }

    private static double Number(string name, string? text, double least) =>
        double.TryParse(text, CultureInfo.InvariantCulture, out double number) && number >= least && number <= 10_000
            ? number
            : throw new FormatException(string.Create(
                CultureInfo.InvariantCulture, $"{name} is '{text}'; allowed is a number from {least} on: bench cluster [--cpu CORES [--database-cpu CORES]] [SECONDS]"));
}
