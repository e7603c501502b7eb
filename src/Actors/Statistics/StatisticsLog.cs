using Microsoft.Extensions.Logging;

namespace SimplexActors.Actors.Statistics;

/// <summary>What the statistics log.</summary>
internal static partial class StatisticsLog
{
    [LoggerMessage(1100, LogLevel.Warning, "The statistics could not be stored while stopping; what was counted since they last were is lost.")]
    public static partial void NotSaved(ILogger logger, Exception cause);
}
