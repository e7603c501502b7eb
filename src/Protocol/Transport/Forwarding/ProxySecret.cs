using SimplexActors.Protocol.Crypto;

namespace SimplexActors.Protocol.Transport.Forwarding;

/// <summary>
/// What proxy and relay agreed in their hellos, for the <see cref="ProxyLayer"/>. A router agrees with any peer that sent a
/// key, whether or not it called itself a proxy (S-400).
/// </summary>
public sealed class ProxySecret : IDisposable
{
    private BoxKey _key;

    private ProxySecret(in BoxKey key) => _key = key;

    /// <summary>The key of the layer's boxes.</summary>
    public ref readonly BoxKey Key => ref _key;

    /// <summary>Agrees with the other end; null for a key of small order.</summary>
    public static ProxySecret? TryAgree(PrivateKey mine, PublicKey theirs) =>
        BoxKey.TryAgree(mine, theirs, out BoxKey key) ? new ProxySecret(key) : null;

    /// <summary>Wipes the key.</summary>
    public void Dispose() => _key.Clear();
}
