using SimplexActors.Protocol.Crypto;

namespace SimplexActors.Protocol.Transport;

/// <summary>
/// A client's key for the commands of one queue in one session (S-133). An X25519 key agrees with the router's session
/// key once, here. Methods may be called from several threads at once.
/// </summary>
public sealed class CommandKey : IDisposable
{
    private readonly PrivateKey _key;
    private BoxKey _agreed;

    private CommandKey(PrivateKey key, in BoxKey agreed)
    {
        _key = key;
        _agreed = agreed;
    }

    /// <summary>Bytes of the authorizations that it makes: 64 (Ed25519), 114 (Ed448) or 80 (X25519).</summary>
    public int AuthorizationLength => _key.Algorithm is KeyAlgorithm.X25519 ? Authenticator.Length : Signature.LengthOf(_key.Algorithm);

    /// <summary>Prepares a key for a session.</summary>
    /// <param name="key">The queue's key; stays the caller's.</param>
    /// <param name="routerKey">The router's session key; null in a session of v6.</param>
    /// <returns>Null when an X25519 key finds no usable session key to agree with (<c>NO_AUTH</c>).</returns>
    /// <exception cref="ArgumentException">An X448 key, which authorises nothing (S-015).</exception>
    public static CommandKey? TryCreate(PrivateKey key, PublicKey? routerKey)
    {
        ArgumentNullException.ThrowIfNull(key);
        switch (key.Algorithm)
        {
            case KeyAlgorithm.X448:
                throw new ArgumentException("An X448 key does not authorise commands.", nameof(key));
            case KeyAlgorithm.X25519:
                return routerKey is not null && BoxKey.TryAgree(key, routerKey, out BoxKey agreed) ? new CommandKey(key, agreed) : null;
            default:
                return new CommandKey(key, default);
        }
    }

    /// <summary>Authorises a transmission.</summary>
    /// <param name="message">What is authorised, from <see cref="AuthorisedBytes"/>.</param>
    /// <param name="correlationId">The transmission's.</param>
    /// <param name="authorization">Filled; <see cref="AuthorizationLength"/> bytes.</param>
    public void Authorise(ReadOnlySpan<byte> message, ReadOnlySpan<byte> correlationId, Span<byte> authorization)
    {
        if (_key.Algorithm is not KeyAlgorithm.X25519)
        {
            _key.Sign(message, authorization);
            return;
        }

        Span<byte> nonce = stackalloc byte[SecretBox.NonceLength];
        SecretBox.NonceFrom(correlationId, nonce);
        Authenticator.Make(_agreed, nonce, message, authorization);
    }

    /// <summary>Wipes what was agreed; the key stays the caller's.</summary>
    public void Dispose() => _agreed.Clear();
}
