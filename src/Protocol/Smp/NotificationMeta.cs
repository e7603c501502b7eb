using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Protocol.Smp;

/// <summary>
/// What <c>NMSG</c> tells about a message: <c>SS(messageId) ts(8)</c>, padded and boxed to one length (S-296).
/// </summary>
public static class NotificationMeta
{
    private const int ContentStart = SecretBox.TagLength + Padding.PrefixLength;

    /// <summary>Encrypts.</summary>
    /// <param name="destination">Filled; 144 bytes.</param>
    /// <param name="key">Of the notifier's secret.</param>
    /// <param name="nonce">24 random bytes.</param>
    /// <param name="messageId">24 bytes.</param>
    /// <param name="timestamp">Of the message; seconds since the Unix epoch.</param>
    public static void Encrypt(Span<byte> destination, in BoxKey key, ReadOnlySpan<byte> nonce, in EntityId messageId, long timestamp)
    {
        Require.Length(destination, SmpSizes.EncryptedNotificationBytes);
        var writer = new WireWriter(destination[ContentStart..]);
        writer.WriteId(messageId);
        writer.WriteInt64(timestamp);
        if (writer.Overflowed)
        {
            throw new ArgumentException("A message id of this length does not fit.", nameof(messageId));
        }

        _ = Padding.TryPad(destination[SecretBox.TagLength..], writer.Length);
        SecretBox.Seal(key, nonce, destination);
    }

    /// <summary>Decrypts in place, as the recipient.</summary>
    /// <returns>False when it does not decrypt or is malformed.</returns>
    public static bool TryDecrypt(Span<byte> encrypted, in BoxKey key, ReadOnlySpan<byte> nonce, out EntityId messageId, out long timestamp)
    {
        messageId = default;
        timestamp = 0;
        if (nonce.Length != SecretBox.NonceLength || !SecretBox.TryOpen(key, nonce, encrypted)
            || !Padding.TryUnpad(encrypted[SecretBox.TagLength..], out int length))
        {
            return false;
        }

        var reader = new WireReader(encrypted.Slice(ContentStart, length));
        messageId = reader.ReadId();
        timestamp = reader.ReadInt64();
        return !reader.Failed;
    }
}
