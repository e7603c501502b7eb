using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Protocol.Smp;

/// <summary>
/// What <c>MSG</c> carries to the recipient: <c>ts(8) flag ' ' body</c>, or <c>QUOTA ' ' ts(8)</c> for the marker that
/// senders met the quota (S-289), padded and boxed to one length (S-290). The nonce is the message id, so a message
/// encrypts to the same bytes for every connection (S-292).
/// </summary>
public static class MessageBody
{
    /// <summary>The longest body in bytes; no version lets a sender reach it.</summary>
    public const int MaxBodyLength = PaddedLength - Padding.PrefixLength - HeadLength;

    private const int PaddedLength = SmpSizes.EncryptedBodyBytes - SecretBox.TagLength;
    private const int HeadLength = sizeof(long) + 2;
    private const int ContentStart = SecretBox.TagLength + Padding.PrefixLength;

    private static ReadOnlySpan<byte> QuotaTag => "QUOTA "u8;

    /// <summary>Encrypts a message.</summary>
    /// <param name="destination">Filled; 16122 bytes.</param>
    /// <param name="key">Of the queue's secret.</param>
    /// <param name="messageId">24 bytes.</param>
    /// <param name="timestamp">Seconds since the Unix epoch.</param>
    /// <param name="notify">The sender asked for a notification.</param>
    /// <param name="body">The sender's bytes; at most <see cref="MaxBodyLength"/>.</param>
    public static void Encrypt(
        Span<byte> destination, in BoxKey key, ReadOnlySpan<byte> messageId, long timestamp, bool notify, ReadOnlySpan<byte> body)
    {
        Require.Length(destination, SmpSizes.EncryptedBodyBytes);
        var writer = new WireWriter(destination[ContentStart..]);
        writer.WriteInt64(timestamp);
        writer.WriteBool(notify);
        writer.WriteByte((byte)' ');
        writer.Write(body);
        Finish(destination, key, messageId, writer);
    }

    /// <summary>Encrypts the marker that senders met the quota.</summary>
    /// <param name="destination">Filled; 16122 bytes.</param>
    /// <param name="key">Of the queue's secret.</param>
    /// <param name="messageId">24 bytes.</param>
    /// <param name="timestamp">When it happened; seconds since the Unix epoch.</param>
    public static void EncryptQuotaMarker(Span<byte> destination, in BoxKey key, ReadOnlySpan<byte> messageId, long timestamp)
    {
        Require.Length(destination, SmpSizes.EncryptedBodyBytes);
        var writer = new WireWriter(destination[ContentStart..]);
        writer.Write(QuotaTag);
        writer.WriteInt64(timestamp);
        Finish(destination, key, messageId, writer);
    }

    /// <summary>Decrypts in place, as the recipient.</summary>
    /// <param name="encrypted">What <c>MSG</c> carried; the body is a view of it.</param>
    /// <param name="key">Of the queue's secret.</param>
    /// <param name="messageId">Any length (S-019).</param>
    /// <returns>Null when it does not decrypt or is malformed.</returns>
    public static ReceivedBody? TryDecrypt(Memory<byte> encrypted, in BoxKey key, ReadOnlySpan<byte> messageId)
    {
        Span<byte> nonce = stackalloc byte[SecretBox.NonceLength];
        SecretBox.NonceFrom(messageId, nonce);
        return SecretBox.TryOpen(key, nonce, encrypted.Span)
            && Padding.TryUnpad(encrypted.Span[SecretBox.TagLength..], out int length)
            ? TryParse(encrypted.Slice(ContentStart, length))
            : null;
    }

    /// <summary>Reads a decrypted body; bytes between flag and space are skipped (S-291).</summary>
    /// <returns>Null when it is malformed.</returns>
    public static ReceivedBody? TryParse(ReadOnlyMemory<byte> content)
    {
        bool isQuotaMarker = content.Span.StartsWith(QuotaTag);
        var reader = new WireReader(isQuotaMarker ? content.Span[QuotaTag.Length..] : content.Span);
        long timestamp = reader.ReadInt64();
        if (isQuotaMarker)
        {
            return reader.IsComplete ? new ReceivedBody(timestamp, Notify: false, default, IsQuotaMarker: true) : null;
        }

        bool notify = reader.ReadBool();
        while (!reader.Failed && reader.ReadByte() != ' ')
        {
        }

        return reader.Failed ? null : new ReceivedBody(timestamp, notify, content[^reader.Remaining..], IsQuotaMarker: false);
    }

    private static void Finish(Span<byte> destination, in BoxKey key, ReadOnlySpan<byte> messageId, in WireWriter content)
    {
        if (content.Overflowed)
        {
            throw new ArgumentException($"A body has at most {MaxBodyLength} bytes.", nameof(content));
        }

        _ = Padding.TryPad(destination[SecretBox.TagLength..], content.Length);
        SecretBox.Seal(key, messageId, destination);
    }
}

/// <summary>A decrypted <see cref="MessageBody"/>.</summary>
/// <param name="Timestamp">When the router took the message, or met the quota; seconds since the Unix epoch.</param>
/// <param name="Notify">The sender asked for a notification.</param>
/// <param name="Body">The sender's bytes.</param>
/// <param name="IsQuotaMarker">Not a message: senders met the quota at this point.</param>
public sealed record ReceivedBody(long Timestamp, bool Notify, ReadOnlyMemory<byte> Body, bool IsQuotaMarker);
