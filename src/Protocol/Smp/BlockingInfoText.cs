using System.Diagnostics.CodeAnalysis;

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
        if (!tail.StartsWith("notice="u8) || !SmpJson.TryRead(tail["notice="u8.Length..], SmpJson.Strict.ClientNoticeJson, out ClientNoticeJson? notice))
        {
            return false;
        }

        info = new BlockingInfo(known, new ClientNotice(notice.Ttl));
        return true;
    }
}
