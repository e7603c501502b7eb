using System.Collections.Concurrent;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Transport;

namespace SimplexActors.Client.Connection;

/// <summary>
/// The keys of queues as one session with a router authorises with them. Agreeing costs as much as all the rest of a
/// command, so its result is kept, up to <see cref="ClientLimits.AgreedSecrets"/>.
/// </summary>
/// <param name="routerKey">The router's session key; null in v6.</param>
internal sealed class AgreedKeys(PublicKey? routerKey) : IDisposable
{
    private readonly ConcurrentDictionary<PrivateKey, CommandKey> _kept = new();

    /// <summary>The key, prepared; null when there is no router key to agree with (v6 and X25519) or it is not usable.</summary>
    public CommandKey? Prepare(PrivateKey key)
    {
        if (_kept.TryGetValue(key, out CommandKey? known))
        {
            return known;
        }

        CommandKey? prepared = CommandKey.TryCreate(key, routerKey);
        if (prepared is not null && key.Algorithm is KeyAlgorithm.X25519 && _kept.Count < ClientLimits.AgreedSecrets)
        {
            _kept.TryAdd(key, prepared);
        }

        return prepared;
    }

    /// <summary>Wipes what was agreed; the keys stay their owners'.</summary>
    public void Dispose()
    {
        foreach (CommandKey key in _kept.Values)
        {
            key.Dispose();
        }
    }
}
