using SimplexActors.Protocol.Crypto;

namespace SimplexActors.Protocol.Transport;

/// <summary>
/// What a session agreed with the key of a queue; a connection keeps one per queue that authorised something with an
/// X25519 key, and clears it when it lets the queue go. 40 bytes; <c>default</c> for none.
/// </summary>
public struct QueueSecret
{
    private BoxKey _agreed;

    internal QueueSecret(PublicKey key, in BoxKey agreed)
    {
        Key = key;
        _agreed = agreed;
    }

    /// <summary>The queue's key; null for none.</summary>
    public PublicKey? Key { get; private set; }

    internal readonly BoxKey Agreed => _agreed;

    /// <summary>Wipes the secret.</summary>
    public void Clear()
    {
        Key = null;
        _agreed.Clear();
    }
}
