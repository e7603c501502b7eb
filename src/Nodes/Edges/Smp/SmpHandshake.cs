using System.Buffers;
using System.Security.Cryptography;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Transport;

namespace SimplexActors.Nodes.Edges.Smp;

/// <summary>
/// The router's side of the SMP handshake (section 5): its hello with a fresh session key, the client's hello, and for
/// services a third block. Handshake blocks are padded but not encrypted (S-112).
/// </summary>
internal static class SmpHandshake
{
    /// <summary>Agrees on a session.</summary>
    /// <param name="identity">Chain and signing key of the router.</param>
    /// <param name="sessionId">The TLS session's id (S-059).</param>
    /// <param name="alpn">True when an application protocol was negotiated; without one only v6 is offered (S-053).</param>
    /// <param name="transport">The connection.</param>
    /// <param name="cancellation">Ends the handshake when its time is over (S-038).</param>
    /// <returns>Null when the client's hello is not acceptable: the connection is closed without a word (S-094 to S-096).</returns>
    public static async ValueTask<SmpSession?> RunAsync(
        RouterIdentity identity, ReadOnlyMemory<byte> sessionId, bool alpn, ConnectionTransport transport, CancellationToken cancellation)
    {
        VersionRange offered = alpn ? new(SmpVersion.Lowest, SmpVersion.Current) : new(SmpVersion.Lowest, SmpVersion.Lowest);
        PrivateKey? sessionKey = alpn ? PrivateKey.Generate(KeyAlgorithm.X25519) : null;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(Block.Length);
        Memory<byte> block = buffer.AsMemory(0, Block.Length);
        try
        {
            WriteHello(block.Span, new ServerHello(offered, sessionId, sessionKey is null ? null : identity.Certify(sessionKey.Public)));
            await transport.WriteAsync(block);
            SmpSession? session = null;
            if (await transport.ReadBlockAsync(block, cancellation) && ReadHello(block) is { } hello)
            {
                session = await AcceptAsync(identity, hello, offered, sessionId, sessionKey, transport, block);
            }

            if (session is null)
            {
                sessionKey?.Dispose();
            }

            return session;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async ValueTask<SmpSession?> AcceptAsync(
        RouterIdentity identity,
        ClientHello hello,
        VersionRange offered,
        ReadOnlyMemory<byte> sessionId,
        PrivateKey? sessionKey,
        ConnectionTransport transport,
        Memory<byte> block)
    {
        bool isOurs = CryptographicOperations.FixedTimeEquals(hello.KeyHash.Span, identity.Fingerprint.Span);
        if (!isOurs || hello.Version < offered.Min || hello.Version > offered.Max)
        {
            return null;
        }

        if (hello.Service is not null)
        {
            // No service is known to this router, and none is accepted (S-098).
            WriteRefusal(block.Span);
            await transport.WriteAsync(block);
            return null;
        }

        var format = new TransmissionFormat(hello.Version, sessionId.Span);
        if (sessionKey is null || !BlockEncryption.IsActive(hello.Version, hello.Key is not null, hello.ProxyServer))
        {
            return new SmpSession(format, new BlockEncoder(), new BlockDecoder(), sessionKey) { PeerKey = hello.Key };
        }

        return BlockEncryption.TryStart(SessionRole.Router, sessionId.Span, sessionKey, hello.Key!) is var (encoder, decoder)
            ? new SmpSession(format, encoder, decoder, sessionKey) { PeerKey = hello.Key }
            : null;
    }

    private static void WriteHello(Span<byte> block, ServerHello hello)
    {
        using var plain = new BlockEncoder();
        var writer = new WireWriter(plain.ContentOf(block));
        hello.Write(ref writer);
        plain.Encode(block, writer.Length);
    }

    private static void WriteRefusal(Span<byte> block)
    {
        using var plain = new BlockEncoder();
        var writer = new WireWriter(plain.ContentOf(block));
        new ServiceResponse.Refused(TransportError.HandshakeBadService).Write(ref writer);
        plain.Encode(block, writer.Length);
    }

    private static ClientHello? ReadHello(Memory<byte> block)
    {
        using var plain = new BlockDecoder();
        return plain.TryDecode(block, out ReadOnlyMemory<byte> content) ? ClientHello.TryParse(content.Span) : null;
    }
}
