using System.Security.Cryptography;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;

namespace SimplexActors.Client;

/// <summary>The owner's side of a queue's notifications: the handle to give to the notifier, and the secret to read them.</summary>
public sealed class QueueNotifications : IDisposable
{
    private readonly byte[] _secret;

    internal QueueNotifications(NotifierQueue notifier, byte[] secret)
    {
        Notifier = notifier;
        _secret = secret;
    }

    /// <summary>For whoever subscribes to the notifications.</summary>
    public NotifierQueue Notifier { get; }

    internal ReadOnlySpan<byte> Secret => _secret;

    /// <summary>Reads a notification (S-296).</summary>
    /// <returns>Null when it does not decrypt: it belongs to another queue or to older credentials.</returns>
    public NotifiedMessage? TryOpen(Notification notification)
    {
        ArgumentNullException.ThrowIfNull(notification);
        var key = new BoxKey(_secret);
        bool opened = NotificationMeta.TryDecrypt(
            notification.Encrypted.ToArray(), key, notification.Nonce.Span, out EntityId messageId, out long timestamp);
        key.Clear();
        return opened ? new NotifiedMessage(messageId, DateTimeOffset.FromUnixTimeSeconds(timestamp)) : null;
    }

    /// <summary>Wipes the keys.</summary>
    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_secret);
        Notifier.Dispose();
    }
}

/// <summary>A notification as it travels (S-195).</summary>
/// <param name="Nonce">24 bytes.</param>
/// <param name="Encrypted">144 bytes.</param>
public sealed record Notification(ReadOnlyMemory<byte> Nonce, ReadOnlyMemory<byte> Encrypted);

/// <summary>What a notification says.</summary>
/// <param name="MessageId">Of the message that arrived.</param>
/// <param name="SentAt">When, to the second, by the router's clock.</param>
public sealed record NotifiedMessage(EntityId MessageId, DateTimeOffset SentAt);
