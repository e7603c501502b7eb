using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Client;

/// <summary>The notifier's handle of a queue: it may learn that messages arrive and nothing else.</summary>
/// <param name="notifierId">As the owner gave it.</param>
/// <param name="key">Authorises the notifier's command. Owned by the handle.</param>
public sealed class NotifierQueue(EntityId notifierId, PrivateKey key) : IDisposable
{
    /// <summary>Names the queue in the notifier's commands.</summary>
    public EntityId NotifierId { get; } = notifierId;

    /// <summary>Authorises the notifier's command.</summary>
    public PrivateKey Key { get; } = key;

    /// <summary>Wipes the key.</summary>
    public void Dispose() => Key.Dispose();
}
