using System.Net.Sockets;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Protocol.Transport;
using SimplexActors.Protocol.Transport.Tls;
using Xunit;

namespace SimplexActors.Client.Tests.Fakes;

/// <summary>The router's end of one connection, moved by the test.</summary>
internal sealed class FakeSession(NetworkStream socket, TlsStream tls) : IAsyncDisposable
{
    private readonly Queue<FakeCommand> _received = new();
    private BlockEncoder _encoder = new();
    private BlockDecoder _decoder = new();
    private TransmissionFormat? _format;

    public ClientHello? Hello { get; private set; }

    public Authorisation? Authorisation { get; private set; }

    /// <summary>The client's certificates in TLS.</summary>
    public IReadOnlyList<byte[]> TlsChain { get; private set; } = [];

    /// <summary>The session's id, from TLS.</summary>
    public EntityId Id { get; } = new(tls.SessionId.Span);

    /// <summary>What the client offered in TLS.</summary>
    public string? ApplicationProtocol => tls.ApplicationProtocol;

    /// <summary>Blocks received so far, after the hello.</summary>
    public int Blocks { get; private set; }

    public async Task SayHelloAsync(FakeRouter router)
    {
        CertifiedKey? key = router.Versions.Max < 7 ? null : new CertifiedKey(router.Chain, SignedKey.Sign(router.ServerKey.Public, router.SigningKey));
        await SendBlockAsync(router.Tamper(new ServerHello(router.Versions, tls.SessionId, key)).Write);
        byte[]? block = await ReadBlockAsync();
        if (block is null)
        {
            return;
        }

        Assert.True(_decoder.TryDecode(block, out ReadOnlyMemory<byte> content));
        Hello = ClientHello.TryParse(content.Span);
        Assert.NotNull(Hello);
        TlsChain = tls.PeerChain;
        if (Hello.Service is not null && router.Service is { } answer)
        {
            await SendBlockAsync(answer.Write);
        }

        _format = new TransmissionFormat(Hello.Version, tls.SessionId.Span);
        Authorisation = new Authorisation(_format, router.ServerKey);
        if (BlockEncryption.IsActive(Hello.Version, Hello.Key is not null, Hello.ProxyServer))
        {
            (_encoder, _decoder) = BlockEncryption.TryStart(SessionRole.Router, tls.SessionId.Span, router.ServerKey, Hello.Key!)!.Value;
        }
    }

    /// <summary>The next command.</summary>
    public async Task<FakeCommand> ReceiveAsync()
    {
        while (_received.Count == 0)
        {
            byte[]? block = await ReadBlockAsync();
            Assert.NotNull(block);
            Blocks++;
            Assert.True(_decoder.TryDecode(block, out ReadOnlyMemory<byte> content));
            Assert.True(TransmissionReader.TryOpen(_format!, content, out TransmissionReader reader));
            while (reader.TryRead(out Transmission transmission))
            {
                Assert.Equal(TransmissionFault.None, transmission.Fault);
                Assert.True(SmpCommandParser.TryParse(transmission.Command, _format!.Version, out SmpCommand? command, out _));
                _received.Enqueue(new FakeCommand(this, transmission, command));
            }
        }

        return _received.Dequeue();
    }

    /// <summary>Sends responses in one block.</summary>
    public Task SendAsync(params (EntityId Correlation, EntityId Entity, SmpResponse Response)[] responses) =>
        SendBlockAsync((ref WireWriter writer) =>
        {
            writer.WriteByte((byte)responses.Length);
            byte[] buffer = new byte[Block.Length];
            foreach ((EntityId correlation, EntityId entity, SmpResponse response) in responses)
            {
                var transmission = new WireWriter(buffer);
                TransmissionWriter.WriteHead(ref transmission, _format!, correlation, entity);
                SmpResponseWriter.Write(ref transmission, response, _format!.Version);
                writer.WriteLarge(transmission.Written);
            }
        });

    /// <summary>Sends an event.</summary>
    public Task SendEventAsync(EntityId entity, SmpResponse response) => SendAsync((EntityId.Empty, entity, response));

    public Task SendContentAsync(byte[] content) => SendBlockAsync((ref WireWriter writer) => writer.Write(content));

    public async Task SendRawAsync(byte[] bytes) => await tls.WriteAsync(bytes, TestContext.Current.CancellationToken);

    /// <summary>True when the client closes the connection, with or without ending TLS.</summary>
    public async Task<bool> IsClosedAsync()
    {
        try
        {
            return await ReadBlockAsync() is null;
        }
        catch (TlsTruncatedException)
        {
            return true;
        }
    }

    /// <summary>Ends TLS, then the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        await tls.DisposeAsync();
        await socket.DisposeAsync();
    }

    /// <summary>Ends the connection without a word.</summary>
    public void Break() => socket.Socket.Close(timeout: 0);

    private async Task<byte[]?> ReadBlockAsync()
    {
        byte[] block = new byte[Block.Length];
        int read = await tls.ReadAtLeastAsync(block, block.Length, throwOnEndOfStream: false, TestContext.Current.CancellationToken);
        return read == block.Length ? block : null;
    }

    private async Task SendBlockAsync(WriteContent write)
    {
        byte[] block = new byte[Block.Length];
        _encoder.Encode(block, Fill(_encoder.ContentOf(block), write));
        await tls.WriteAsync(block, TestContext.Current.CancellationToken);
    }

    private static int Fill(Span<byte> content, WriteContent write)
    {
        var writer = new WireWriter(content);
        write(ref writer);
        Assert.False(writer.Overflowed);
        return writer.Length;
    }

    private delegate void WriteContent(ref WireWriter writer);
}

/// <summary>A command as the fake router got it.</summary>
internal sealed record FakeCommand(FakeSession Session, Transmission Transmission, SmpCommand Command)
{
    public EntityId Correlation => Transmission.CorrelationId;

    public EntityId Entity => Transmission.EntityId;

    /// <summary>True when the key authorised the command.</summary>
    public bool IsAuthorisedBy(PrivateKey key) => Session.Authorisation!.Verify(Transmission, [key.Public]);

    public Task AnswerAsync(SmpResponse response) => Session.SendAsync((Correlation, Entity, response));
}
