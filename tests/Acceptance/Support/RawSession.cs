using System.Text;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Protocol.Transport;
using SimplexActors.Protocol.Transport.Tls;
using Xunit;

namespace SimplexActors.Acceptance.Support;

/// <summary>A connection whose handshake the test carries out itself, block by block.</summary>
public sealed class RawSession : IAsyncDisposable
{
    /// <summary>Every block on the wire, handshake or not (S-073).</summary>
    private const int BlockBytes = 16384;

    private RawSession(TlsStream stream, ServerHello hello) => (Stream, Hello) = (stream, hello);

    /// <summary>TLS below.</summary>
    public TlsStream Stream { get; }

    /// <summary>What the router said first.</summary>
    public ServerHello Hello { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Connects and reads the router's hello.</summary>
    public static async Task<RawSession> ConnectAsync(TestRouter router)
    {
        TlsStream stream = await router.ConnectTlsAsync();
        using var plain = new BlockDecoder();
        return new RawSession(stream, ServerHello.TryParse((await ReceiveAsync(stream, plain)).Span)!);
    }

    /// <summary>Sends the client's hello, padded and not encrypted.</summary>
    public async Task SayAsync(ClientHello hello)
    {
        using var plain = new BlockEncoder();
        await SendAsync(plain, Bytes(hello));
    }

    /// <summary>Sends one block.</summary>
    public async Task SendAsync(BlockEncoder encoder, byte[] content)
    {
        byte[] block = new byte[BlockBytes];
        content.CopyTo(encoder.ContentOf(block));
        encoder.Encode(block, content.Length);
        await Stream.WriteAsync(block, Cancellation);
    }

    /// <summary>Receives one block.</summary>
    public Task<ReadOnlyMemory<byte>> ReceiveAsync(BlockDecoder decoder) => ReceiveAsync(Stream, decoder);

    /// <summary>Sends a command of v7 or later, without authorisation, in a block of its own, and receives the answer.</summary>
    public async Task<SmpResponse> AskAsync(BlockEncoder encoder, BlockDecoder decoder, ushort version, string command)
    {
        // No authorisation, correlation id "c", no entity.
        byte[] transmission = [0, 1, (byte)'c', 0, .. Encoding.ASCII.GetBytes(command)];
        await SendAsync(encoder, [1, (byte)(transmission.Length >> 8), (byte)transmission.Length, .. transmission]);
        ReadOnlyMemory<byte> content = await ReceiveAsync(decoder);
        Assert.True(TransmissionReader.TryOpen(new TransmissionFormat(version, Stream.SessionId.Span), content, out TransmissionReader reader));
        Assert.True(reader.TryRead(out Transmission answer));
        Assert.Equal(new EntityId("c"u8), answer.CorrelationId);
        Assert.True(SmpResponseParser.TryParse(answer.Command, version, out SmpResponse? response));
        return response;
    }

    public ValueTask DisposeAsync() => Stream.DisposeAsync();

    private static byte[] Bytes(ClientHello hello)
    {
        var writer = new WireWriter(new byte[Block.MaxPlainContent]);
        hello.Write(ref writer);
        return writer.Written.ToArray();
    }

    private static async Task<ReadOnlyMemory<byte>> ReceiveAsync(TlsStream stream, BlockDecoder decoder)
    {
        byte[] block = new byte[BlockBytes];
        await stream.ReadExactlyAsync(block, Cancellation);
        Assert.True(decoder.TryDecode(block, out ReadOnlyMemory<byte> content));
        return content;
    }
}
