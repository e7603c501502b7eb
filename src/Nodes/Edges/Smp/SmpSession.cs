using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Transport;

namespace SimplexActors.Nodes.Edges.Smp;

/// <summary>What the handshake of one connection agreed on.</summary>
/// <param name="format">How transmissions look.</param>
/// <param name="encoder">Turns content into blocks.</param>
/// <param name="decoder">Turns blocks into content.</param>
/// <param name="sessionKey">The router's X25519 key of this session; null below v7.</param>
internal sealed class SmpSession(TransmissionFormat format, BlockEncoder encoder, BlockDecoder decoder, PrivateKey? sessionKey) : IDisposable
{
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

    /// <summary>Wipes the keys.</summary>
    public void Dispose()
    {
        encoder.Dispose();
        decoder.Dispose();
        sessionKey?.Dispose();
    }
}
