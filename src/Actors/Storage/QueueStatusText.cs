using System.Globalization;
using System.Text;
using System.Text.Json;
using SimplexActors.Actors.Queues;
using SimplexActors.Protocol.Smp;

namespace SimplexActors.Actors.Storage;

/// <summary>
/// The stored text of a queue's status (S-368):
/// <c>active</c> | <c>off</c> | <c>blocked,reason=(spam|content)[,notice={["ttl":SECONDS]}]</c>.
/// </summary>
public static class QueueStatusText
{
    private const string BlockedPrefix = "blocked,reason=";
    private const string NoticePrefix = ",notice=";

    /// <summary>The text of a status.</summary>
    public static string Encode(QueueStatus status) => status switch
    {
        QueueStatus.ActiveStatus => "active",
        QueueStatus.OffStatus => "off",
        QueueStatus.Blocked blocked => BlockedPrefix + Reason(blocked.Info.Reason) + Notice(blocked.Info.Notice),
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
    };

    /// <summary>Reads a status; null for any other text.</summary>
    public static QueueStatus? TryDecode(ReadOnlySpan<byte> text)
    {
        if (text.SequenceEqual("active"u8))
        {
            return QueueStatus.Active;
        }

        if (text.SequenceEqual("off"u8))
        {
            return QueueStatus.Off;
        }

        return TryDecodeBlocked(Encoding.UTF8.GetString(text));
    }

    private static QueueStatus.Blocked? TryDecodeBlocked(string text)
    {
        if (!text.StartsWith(BlockedPrefix, StringComparison.Ordinal))
        {
            return null;
        }

        int noticeAt = text.IndexOf(NoticePrefix, StringComparison.Ordinal);
        BlockingReason? reason = text[BlockedPrefix.Length..(noticeAt < 0 ? text.Length : noticeAt)] switch
        {
            "spam" => BlockingReason.Spam,
            "content" => BlockingReason.Content,
            _ => null,
        };
        if (reason is null)
        {
            return null;
        }

        if (noticeAt < 0)
        {
            return new QueueStatus.Blocked(new BlockingInfo(reason.Value));
        }

        return TryDecodeNotice(text[(noticeAt + NoticePrefix.Length)..]) is { } notice
            ? new QueueStatus.Blocked(new BlockingInfo(reason.Value, notice))
            : null;
    }

    private static ClientNotice? TryDecodeNotice(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind is not JsonValueKind.Object)
            {
                return null;
            }

            if (!document.RootElement.TryGetProperty("ttl", out JsonElement ttl) || ttl.ValueKind is JsonValueKind.Null)
            {
                return new ClientNotice(null);
            }

            return ttl.TryGetInt64(out long seconds) ? new ClientNotice(seconds) : null;
        }
        catch (Exception notJson) when (notJson is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string Reason(BlockingReason reason) => reason switch
    {
        BlockingReason.Spam => "spam",
        BlockingReason.Content => "content",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
    };

    private static string Notice(ClientNotice? notice) => notice switch
    {
        null => "",
        { TtlSeconds: null } => NoticePrefix + "{}",
        { TtlSeconds: { } ttl } => string.Create(CultureInfo.InvariantCulture, $"{NoticePrefix}{{\"ttl\":{ttl}}}"),
    };
}
