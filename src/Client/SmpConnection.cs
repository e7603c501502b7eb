using System.Buffers;
using SimplexActors.Client.Connection;
using SimplexActors.Protocol.Addresses;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Transport;

namespace SimplexActors.Client;

/// <summary>
/// A connection after its handshake: blocks and transmissions, without any knowledge of what they mean. Applications use
/// <see cref="SmpClient"/>; this is for those who must decide about every byte, such as tests of routers.
/// One sender and one receiver at a time.
/// </summary>
public sealed class SmpConnection : IAsyncDisposable
{
    private readonly Stream _stream;
    private readonly BlockDecoder _decoder;
    private readonly AgreedKeys _agreedKeys;

    internal SmpConnection(Stream stream, Session session)
    {
        _stream = stream;
        _decoder = session.Decoder;
        Encoder = session.Encoder;
        Format = session.Format;
        RouterVersions = session.RouterVersions;
        RouterKey = session.RouterKey;
        _agreedKeys = new AgreedKeys(RouterKey);
        SessionId = new EntityId(session.Format.SessionId);
        Relay = session.Relay;
        Service = session.Service;
    }

    /// <summary>Agreed protocol version.</summary>
    public ushort Version => Format.Version;

    /// <summary>The session's id, from TLS.</summary>
    public EntityId SessionId { get; }

    /// <summary>The versions that the router offered.</summary>
    public VersionRange RouterVersions { get; }

    /// <summary>The router's X25519 session key; null in v6.</summary>
    public PublicKey? RouterKey { get; }

    /// <summary>
    /// What a proxy needs to forward over this connection; null for other clients (<see cref="SmpClientOptions.ProxyServer"/>)
    /// and in v6.
    /// </summary>
    public RelayCredential? Relay { get; }

    /// <summary>The service of this session; null for ordinary clients and with old routers.</summary>
    public ClientService? Service { get; }

    /// <summary>Of transmissions in this session.</summary>
    public TransmissionFormat Format { get; }

    /// <summary>Of blocks to send; each encoded block must be sent, in order (S-110).</summary>
    public BlockEncoder Encoder { get; }

    /// <summary>Connects to a router and agrees on a version.</summary>
    /// <exception cref="SmpException">With a <see cref="ConnectFailed"/>.</exception>
    public static Task<SmpConnection> ConnectAsync(
        RouterAddress router, SmpClientOptions? options = null, CancellationToken cancellation = default) =>
        Connector.ConnectAsync(router, options ?? new SmpClientOptions(), cancellation);

    /// <summary>Sends a block.</summary>
    /// <param name="content">Any bytes, at most <see cref="BlockEncoder.MaxContent"/>.</param>
    /// <param name="cancellation">A cancelled write leaves the connection unusable.</param>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> content, CancellationToken cancellation = default)
    {
        byte[] block = ArrayPool<byte>.Shared.Rent(Block.Length);
        content.Span.CopyTo(Encoder.ContentOf(block));
        Encoder.Encode(block.AsSpan(0, Block.Length), content.Length);
        await SendRawAsync(block.AsMemory(0, Block.Length), cancellation);
        ArrayPool<byte>.Shared.Return(block);
    }

    /// <summary>Sends bytes as they are, within TLS.</summary>
    public async ValueTask SendRawAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation = default)
    {
        await _stream.WriteAsync(bytes, cancellation);
        await _stream.FlushAsync(cancellation);
    }

    /// <summary>Receives a block.</summary>
    /// <param name="block">16384 bytes; decrypted in place.</param>
    /// <param name="cancellation">Ends the wait; what arrived of the block is lost.</param>
    /// <returns>The part of <paramref name="block"/> that holds the content; null when the router closed the connection.</returns>
    /// <exception cref="IOException">The connection broke, or was closed within a block.</exception>
    /// <exception cref="InvalidDataException">The block does not decrypt.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> ReceiveAsync(Memory<byte> block, CancellationToken cancellation = default)
    {
        int received = await _stream.ReadAtLeastAsync(block[..Block.Length], Block.Length, throwOnEndOfStream: false, cancellation);
        if (received == 0)
        {
            return null;
        }

        if (received < Block.Length)
        {
            throw new EndOfStreamException("The router closed the connection within a block.");
        }

        return _decoder.TryDecode(block[..Block.Length], out ReadOnlyMemory<byte> content)
            ? content
            : throw new InvalidDataException("A block of the router does not decrypt.");
    }

    /// <summary>Waits until something can be received, without holding a buffer.</summary>
    internal async ValueTask WaitForDataAsync(CancellationToken cancellation) =>
        _ = await _stream.ReadAsync(Memory<byte>.Empty, cancellation);

    /// <summary>The key as this session authorises with it; null when the session has no key to agree with (v6 and X25519).</summary>
    public CommandKey? Prepare(PrivateKey key) => _agreedKeys.Prepare(key);

    /// <summary>Closes the connection and wipes its keys.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        Encoder.Dispose();
        Service?.Dispose();
        _decoder.Dispose();
        Relay?.Secret.Dispose();
        _agreedKeys.Dispose();
    }
}
