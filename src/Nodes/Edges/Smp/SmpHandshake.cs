using System.Buffers;
using System.Security.Cryptography;
using SimplexActors.Nodes.Edges.Smp.Services;
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
    /// <param name="router">Chain and signing key of the router, and the services that it knows.</param>
    /// <param name="tls">What TLS knows of the client.</param>
    /// <param name="transport">The connection.</param>
    /// <param name="cancellation">Ends the handshake when its time is over (S-038).</param>
    /// <returns>Null when the client's hello is not acceptable: the connection is closed without a word (S-094 to S-096).</returns>
    public static async ValueTask<SmpSession?> RunAsync(
        SmpRouter router, TlsClient tls, ConnectionTransport transport, CancellationToken cancellation)
    {
        VersionRange offered = tls.HasProtocol ? new(SmpVersion.Lowest, SmpVersion.Current) : new(SmpVersion.Lowest, SmpVersion.Lowest);
        PrivateKey? sessionKey = tls.HasProtocol ? PrivateKey.Generate(KeyAlgorithm.X25519) : null;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(Block.Length);
        Memory<byte> block = buffer.AsMemory(0, Block.Length);
        try
        {
            WriteHello(block.Span, new ServerHello(offered, tls.SessionId, sessionKey is null ? null : router.Identity.Certify(sessionKey.Public)));
            await transport.WriteAsync(block);
            SmpSession? session = null;
            if (await transport.ReadBlockAsync(block, cancellation) && ReadHello(block) is { } hello && IsAcceptable(router, hello, offered))
            {
                (ServiceSession? service, bool refused) = await RecogniseAsync(router, tls, hello, transport, block, cancellation);
                session = refused ? null : Agree(hello, tls, sessionKey, service);
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

    private static bool IsAcceptable(SmpRouter router, ClientHello hello, VersionRange offered) =>
        CryptographicOperations.FixedTimeEquals(hello.KeyHash.Span, router.Identity.Fingerprint.Span)
        && hello.Version >= offered.Min && hello.Version <= offered.Max;

    /// <summary>Answers a client that says it is a service with the third block (S-099); others get none.</summary>
    private static async ValueTask<(ServiceSession? Service, bool Refused)> RecogniseAsync(
        SmpRouter router, TlsClient tls, ClientHello hello, ConnectionTransport transport, Memory<byte> block, CancellationToken cancellation)
    {
        if (hello.Service is null)
        {
            return (null, false);
        }

        (ServiceSession? service, TransportError error) = await router.Services.RecogniseAsync(hello.Service, tls.Chain, cancellation);
        ServiceResponse response = service is null ? new ServiceResponse.Refused(error) : new ServiceResponse.Accepted(service.ServiceId);
        WriteResponse(block.Span, response);
        await transport.WriteAsync(block);
        return (service, service is null);
    }

    private static SmpSession? Agree(ClientHello hello, TlsClient tls, PrivateKey? sessionKey, ServiceSession? service)
    {
        var format = new TransmissionFormat(hello.Version, tls.SessionId.Span);
        if (sessionKey is null || !BlockEncryption.IsActive(hello.Version, hello.Key is not null, hello.ProxyServer))
        {
            return new SmpSession(format, new BlockEncoder(), new BlockDecoder(), sessionKey) { PeerKey = hello.Key, Service = service };
        }

        return BlockEncryption.TryStart(SessionRole.Router, tls.SessionId.Span, sessionKey, hello.Key!) is var (encoder, decoder)
            ? new SmpSession(format, encoder, decoder, sessionKey) { PeerKey = hello.Key, Service = service }
            : null;
    }

    private static void WriteHello(Span<byte> block, ServerHello hello)
    {
        using var plain = new BlockEncoder();
        var writer = new WireWriter(plain.ContentOf(block));
        hello.Write(ref writer);
        plain.Encode(block, writer.Length);
    }

    private static void WriteResponse(Span<byte> block, ServiceResponse response)
    {
        using var plain = new BlockEncoder();
        var writer = new WireWriter(plain.ContentOf(block));
        response.Write(ref writer);
        plain.Encode(block, writer.Length);
    }

    private static ClientHello? ReadHello(Memory<byte> block)
    {
        using var plain = new BlockDecoder();
        return plain.TryDecode(block, out ReadOnlyMemory<byte> content) ? ClientHello.TryParse(content.Span) : null;
    }
}

/// <summary>What TLS knows of a client.</summary>
/// <param name="SessionId">The TLS session's id (S-059).</param>
/// <param name="HasProtocol">An application protocol was negotiated; without one only v6 is offered (S-053).</param>
/// <param name="Chain">The client's certificates, verified, leaf first; empty when it sent none.</param>
internal sealed record TlsClient(ReadOnlyMemory<byte> SessionId, bool HasProtocol, IReadOnlyList<byte[]> Chain);
