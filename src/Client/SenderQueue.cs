using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Client;

/// <summary>The sender's handle of a queue. It belongs to no connection.</summary>
/// <param name="senderId">As the owner gave it.</param>
/// <param name="key">
/// Authorises the sender's commands, once the queue is secured with it; null to send to a queue that is not
/// secured, such as a contact address. Owned by the handle.
/// </param>
public sealed class SenderQueue(EntityId senderId, PrivateKey? key = null) : IDisposable
{
    /// <summary>Names the queue in the sender's commands.</summary>
    public EntityId SenderId { get; } = senderId;

    /// <summary>Authorises the sender's commands; null for none.</summary>
    public PrivateKey? Key { get; } = key;

    /// <summary>All of the handle as bytes that <see cref="TryImport"/> reads; they hold the private key.</summary>
    public byte[] Export() => QueueEncoding.Encode(this);

    /// <summary>Reads <see cref="Export"/>; null when the bytes are not one.</summary>
    public static SenderQueue? TryImport(ReadOnlySpan<byte> bytes) => QueueEncoding.TryDecodeSender(bytes);

    /// <summary>Wipes the key.</summary>
    public void Dispose() => Key?.Dispose();
}
