using SimplexActors.Nodes.Edges.Smp.Services;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Transport;
using SimplexActors.Protocol.Transport.Forwarding;

namespace SimplexActors.Nodes.Edges.Smp;

/// <summary>What the handshake of one connection agreed on.</summary>
/// <param name="format">How transmissions look.</param>
/// <param name="encoder">Turns content into blocks.</param>
/// <param name="decoder">Turns blocks into content.</param>
/// <param name="sessionKey">The router's X25519 key of this session; null below v7.</param>
internal sealed class SmpSession(TransmissionFormat format, BlockEncoder encoder, BlockDecoder decoder, PrivateKey? sessionKey) : IDisposable
{
    private ProxySecret? _proxy;

    /// <summary>The agreed version.</summary>
    public ushort Version => format.Version;

    /// <summary>How transmissions look.</summary>
    public TransmissionFormat Format => format;

    /// <summary>Turns content into blocks; used on the connection's turn only.</summary>
    public BlockEncoder Encoder => encoder;

    /// <summary>Turns blocks into content; used by the receiving side only.</summary>
    public BlockDecoder Decoder => decoder;

    /// <summary>Verifies commands of this session.</summary>
    public Authorisation Authorisation { get; } = new(format, sessionKey);

    /// <summary>The client service of the session; null for ordinary clients.</summary>
    public ServiceSession? Service { get; init; }

    /// <summary>The client's X25519 session key; null when its hello had none.</summary>
    public PublicKey? PeerKey { get; init; }

    /// <summary>
    /// What forwarding needs; null when a hello had no key, or an unusable one. Agreed when the first command is forwarded,
    /// because few peers forward. Used by the receiving side only.
    /// </summary>
    public ProxySecret? Proxy => _proxy ??= sessionKey is null || PeerKey is null ? null : ProxySecret.TryAgree(sessionKey, PeerKey);

    /// <summary>Verifies commands that were forwarded over this session.</summary>
    public Authorisation AuthorisationOf(TransmissionFormat forwarded) => new(forwarded, sessionKey);

    /// <summary>Agrees with the key of a forwarded command; false for one of small order.</summary>
    public bool TryAgree(PublicKey commandKey, out BoxKey secret)
    {
        secret = default;
        return sessionKey is not null && BoxKey.TryAgree(sessionKey, commandKey, out secret);
    }

    /// <summary>Wipes the keys.</summary>
    public void Dispose()
    {
        encoder.Dispose();
        decoder.Dispose();
        sessionKey?.Dispose();
        _proxy?.Dispose();
    }
}
