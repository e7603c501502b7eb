using Microsoft.Extensions.Logging;

namespace SimplexActors.Nodes.Names;

/// <summary>
/// What name resolution logs. Event ids 320 to 329 are its own and never change their meaning. No names that clients ask for.
/// </summary>
internal static partial class NamesLog
{
    [LoggerMessage(320, LogLevel.Information, "The name resolver is well")]
    public static partial void Healthy(ILogger logger);

    [LoggerMessage(321, LogLevel.Warning, "The name resolver is not well ({Problem}); names are asked for all the same")]
    public static partial void Unhealthy(ILogger logger, string problem);

    [LoggerMessage(322, LogLevel.Error, "A name could not be resolved; {Suppressed} more since the last such line")]
    public static partial void Fault(ILogger logger, long suppressed, Exception cause);

    [LoggerMessage(323, LogLevel.Warning, "The name resolver fails: {Problem}")]
    public static partial void Fails(ILogger logger, string problem);

    [LoggerMessage(324, LogLevel.Information, "The name resolver answers again")]
    public static partial void AnswersAgain(ILogger logger);
}
