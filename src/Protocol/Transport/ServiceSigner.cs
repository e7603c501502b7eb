using SimplexActors.Protocol.Crypto;

namespace SimplexActors.Protocol.Transport;

/// <summary>Signs the commands of a service's session, beside the queue's key (S-135).</summary>
/// <param name="fingerprint">SHA-256 of the service's identity certificate; 32 bytes.</param>
/// <param name="sessionKey">The Ed25519 key of the service's hello; stays the caller's.</param>
public sealed class ServiceSigner(ReadOnlyMemory<byte> fingerprint, PrivateKey sessionKey)
{
    /// <summary>What the queue's key authorises in front of the transmission.</summary>
    public ReadOnlySpan<byte> Fingerprint => fingerprint.Span;

    /// <summary>Signs what is authorised, without the fingerprint.</summary>
    internal void Sign(ReadOnlySpan<byte> message, Span<byte> signature) => sessionKey.Sign(message, signature);
}
