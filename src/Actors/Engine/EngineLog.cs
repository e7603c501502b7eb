using Microsoft.Extensions.Logging;

namespace SimplexActors.Actors.Engine;

/// <summary>What the engine logs. No ids: an operator finds the cause, nobody finds a user.</summary>
internal static partial class EngineLog
{
    [LoggerMessage(1000, LogLevel.Error, "The logic of {Kind} threw while it handled {Command}; the entity was unloaded. {Suppressed} faults before this one were not logged.")]
    public static partial void EntityFault(ILogger logger, Exception cause, string kind, string command, long suppressed);

    [LoggerMessage(1001, LogLevel.Error, "{Kind}.{Method} threw. {Suppressed} faults before this one were not logged.")]
    public static partial void KindFault(ILogger logger, Exception cause, string kind, string method, long suppressed);

    [LoggerMessage(1002, LogLevel.Error, "Performing {Effect} threw. {Suppressed} faults before this one were not logged.")]
    public static partial void EffectFault(ILogger logger, Exception cause, string effect, long suppressed);

    [LoggerMessage(1003, LogLevel.Error, "A transaction of {Sets} sets ended as {Outcome}. {Suppressed} before this one were not logged.")]
    public static partial void CommitNotConfirmed(ILogger logger, Exception? cause, int sets, CommitOutcome outcome, long suppressed);

    [LoggerMessage(1007, LogLevel.Warning, "The store refused {Fenced} of {Sets} sets: another node claimed their shards. {Suppressed} before this one were not logged.")]
    public static partial void SetsFenced(ILogger logger, int fenced, int sets, long suppressed);

    [LoggerMessage(1004, LogLevel.Error, "{Entities} entities could not be loaded. {Suppressed} failures before this one were not logged.")]
    public static partial void LoadFailed(ILogger logger, Exception cause, int entities, long suppressed);

    [LoggerMessage(1005, LogLevel.Error, "A timer's callback threw. {Suppressed} faults before this one were not logged.")]
    public static partial void TimerFault(ILogger logger, Exception cause, long suppressed);

    [LoggerMessage(1006, LogLevel.Error, "The scheduled job {Job} failed {Failures} times in a row; next attempt in {Delay}.")]
    public static partial void JobFailed(ILogger logger, Exception cause, string job, int failures, TimeSpan delay);
}
