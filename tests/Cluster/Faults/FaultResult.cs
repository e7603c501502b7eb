using System.Globalization;
using SimplexActors.Cluster.Load;

namespace SimplexActors.Cluster.Faults;

/// <summary>What a fault did to the clients.</summary>
/// <param name="Served">From the fault until every queue was served again.</param>
/// <param name="Verdict">What they saw.</param>
internal sealed record FaultResult(TimeSpan Served, QueueVerdict Verdict)
{
    /// <summary>A line of a table.</summary>
    public string ToRow(string fault, int round) => string.Create(
        CultureInfo.InvariantCulture,
        $"| {fault} | {round} | {Verdict.Confirmed} | {Verdict.InDoubt} | {Verdict.Lost} | {Verdict.Duplicated} | {Verdict.Reordered} | {Verdict.Ended} | {Verdict.Others.Count} | {Served.TotalSeconds:0.0} |");
}
