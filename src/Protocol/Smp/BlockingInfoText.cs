using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace SimplexActors.Protocol.Smp;

/// <summary>
/// The text form of <see cref="BlockingInfo"/>, the same in <c>BLOCKED</c>, in the control port's commands and
/// in store logs (S-215, S-368): <c>reason=spam|content[,notice={"ttl":seconds}]</c>.
/// </summary>
public static class BlockingInfoText
{
    private const string Spam = "reason=spam";
    private const string Content = "reason=content";

    /// <summary>Writes it.</summary>
    public static string Format(BlockingInfo info)
    {
        string reason = info.Reason switch
        {
            BlockingReason.Spam => Spam,
            BlockingReason.Content => Content,
            _ => throw new ArgumentOutOfRangeException(nameof(info), info.Reason, null),
        };
        return info.Notice switch
        {
            null => reason,
            { TtlSeconds: { } ttl } => $"{reason},notice={{\"ttl\":{ttl}}}",
            _ => $"{reason},notice={{}}",
        };
    }

    /// <summary>Reads UTF-8 text that is nothing but the information; unknown keys of the notice are ignored.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, [NotNullWhen(true)] out BlockingInfo? info)
    {
        info = null;
        int comma = text.IndexOf((byte)',');
        ReadOnlySpan<byte> head = comma < 0 ? text : text[..comma];
        BlockingReason? reason = head.SequenceEqual("reason=spam"u8) ? BlockingReason.Spam
            : head.SequenceEqual("reason=content"u8) ? BlockingReason.Content
            : null;
        if (reason is not { } known)
        {
            return false;
        }

        if (comma < 0)
        {
            info = new BlockingInfo(known);
            return true;
        }

        ReadOnlySpan<byte> tail = text[(comma + 1)..];
        if (!tail.StartsWith("notice="u8) || !TryParseNotice(tail["notice="u8.Length..], out ClientNotice? notice))
        {
            return false;
        }

        info = new BlockingInfo(known, notice);
        return true;
    }

    private static bool TryParseNotice(ReadOnlySpan<byte> json, [NotNullWhen(true)] out ClientNotice? notice)
    {
        notice = null;
        try
        {
            var reader = new Utf8JsonReader(json);
            if (!JsonDocument.TryParseValue(ref reader, out JsonDocument? document))
            {
                return false;
            }

            using (document)
            {
                notice = reader.BytesConsumed == json.Length ? ReadNotice(document.RootElement) : null;
            }
        }
        catch (JsonException)
        {
            // The text comes from a peer: not JSON is an answer, and the only one that the reader gives as an exception.
            return false;
        }

        return notice is not null;
    }

    private static ClientNotice? ReadNotice(JsonElement notice)
    {
        if (notice.ValueKind is not JsonValueKind.Object)
        {
            return null;
        }

        if (!notice.TryGetProperty("ttl", out JsonElement ttl) || ttl.ValueKind is JsonValueKind.Null)
        {
            return new ClientNotice((long?)null);
        }

        return ttl.ValueKind is JsonValueKind.Number && ttl.TryGetInt64(out long seconds) ? new ClientNotice(seconds) : null;
    }
}
