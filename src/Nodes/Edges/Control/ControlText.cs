using System.Globalization;
using SimplexActors.Actors.Queues;
using SimplexActors.Protocol.Smp;

namespace SimplexActors.Nodes.Edges.Control;

/// <summary>Values in the words of the reference, which programs of operators look for (O-239 to O-249).</summary>
internal static class ControlText
{
    private const long SecondsPerDay = 86_400;

    /// <summary>Answer to a command that the session's role may not give (O-235).</summary>
    public const string Unauthorised = "AUTH";

    /// <summary>What a session is.</summary>
    public static string Of(ControlRole role) => role switch
    {
        ControlRole.Admin => "CPRAdmin",
        ControlRole.User => "CPRUser",
        _ => "CPRNone",
    };

    /// <summary>Status of a queue.</summary>
    public static string Of(QueueStatus status) => status switch
    {
        QueueStatus.Blocked blocked => $"EntityBlocked ({Of(blocked.Info)})",
        QueueStatus.OffStatus => "EntityOff",
        _ => "EntityActive",
    };

    /// <summary>Why a queue is blocked.</summary>
    public static string Of(BlockingInfo info)
    {
        string reason = info.Reason is BlockingReason.Spam ? "BRSpam" : "BRContent";
        string notice = info.Notice switch
        {
            null => "Nothing",
            { TtlSeconds: null } => "Just (ClientNotice {ttl = Nothing})",
            { TtlSeconds: >= 0 and var ttl } => $"Just (ClientNotice {{ttl = Just {ttl}}})",
            { TtlSeconds: var ttl } => $"Just (ClientNotice {{ttl = Just ({ttl})}})",
        };
        return $"BlockingInfo {{reason = {reason}, notice = {notice}}}";
    }

    /// <summary>What <c>status</c> tells of a queue.</summary>
    public static string Of(QueueRecord record)
    {
        string updated = record.UpdatedDay == 0
            ? "Nothing"
            : string.Create(CultureInfo.InvariantCulture, $"Just (RoundedSystemTime {{roundedSeconds = {record.UpdatedDay * SecondsPerDay}}})");
        string mode = record.Mode switch
        {
            null => "Nothing",
            QueueMode.Contact => "Just QMContact",
            _ => "Just QMMessaging",
        };
        return $"status: {Of(record.Status)}, updatedAt: {updated}, queueMode: {mode}";
    }

    /// <summary>Yes or no.</summary>
    public static string Of(bool value) => value ? "True" : "False";
}
