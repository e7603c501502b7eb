using System.Runtime.InteropServices;
using System.Security.Cryptography;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;

namespace SimplexActors.Client;

/// <summary>
/// The owner's handle of a queue: ids, the key that authorises the owner's commands, and the secret that messages
/// are decrypted with. It belongs to no connection: store <see cref="Export"/> and use it on any later one.
/// </summary>
public sealed class RecipientQueue : IDisposable
{
    private readonly byte[] _secret;

    internal RecipientQueue(EntityId recipientId, EntityId senderId, PrivateKey key, byte[] secret, QueueMode? mode, EntityId? linkId)
    {
        RecipientId = recipientId;
        SenderId = senderId;
        Key = key;
        Mode = mode;
        LinkId = linkId;
        _secret = secret;
    }

    /// <summary>Names the queue in the owner's commands; a secret of owner and router.</summary>
    public EntityId RecipientId { get; }

    /// <summary>Names the queue in the sender's commands; for whoever is to send.</summary>
    public EntityId SenderId { get; }

    /// <summary>Authorises the owner's commands. Owned by the handle.</summary>
    public PrivateKey Key { get; }

    /// <summary>What the queue is for; null when the router did not say (below v9).</summary>
    public QueueMode? Mode { get; }

    /// <summary>Names the queue in short links, when it was created with link data.</summary>
    public EntityId? LinkId { get; }

    /// <summary>Keys of notifications; null when they are off.</summary>
    public QueueNotifications? Notifications { get; internal set; }

    internal ReadOnlySpan<byte> Secret => _secret;

    /// <summary>
    /// All of the handle as bytes that <see cref="TryImport"/> reads. They hold the private keys: keep them as such,
    /// and wipe them after use.
    /// </summary>
    public byte[] Export() => QueueEncoding.Encode(this);

    /// <summary>Reads <see cref="Export"/>; null when the bytes are not one.</summary>
    public static RecipientQueue? TryImport(ReadOnlySpan<byte> bytes) => QueueEncoding.TryDecodeRecipient(bytes);

    /// <summary>
    /// The same queue with another of its keys, after <see cref="SmpClient.ReplaceKeysAsync"/>. Both handles share the rest:
    /// dispose of only one.
    /// </summary>
    public RecipientQueue WithKey(PrivateKey key) =>
        new(RecipientId, SenderId, key, _secret, Mode, LinkId) { Notifications = Notifications };

    /// <summary>Decrypts a message in place (S-289, S-290).</summary>
    /// <returns>Null when it does not decrypt with this queue's secret.</returns>
    internal ReceivedMessage? TryOpen(in EntityId messageId, ReadOnlyMemory<byte> encrypted)
    {
        var key = new BoxKey(_secret);
        ReceivedBody? body = MessageBody.TryDecrypt(MemoryMarshal.AsMemory(encrypted), key, messageId.Bytes);
        key.Clear();
        return body is null
            ? null
            : new ReceivedMessage(messageId, DateTimeOffset.FromUnixTimeSeconds(body.Timestamp), body.Notify, body.IsQuotaMarker, body.Body);
    }

    /// <summary>Wipes the keys.</summary>
    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_secret);
        Key.Dispose();
        Notifications?.Dispose();
    }
}
