using SimplexActors.Client.Tests.Fakes;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Protocol.Transport;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Client.Tests;

/// <summary>The layer below the client, for those who decide about every byte.</summary>
public class ConnectionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    [Spec("S-107", "S-109", "S-113")]
    public async Task Blocks_are_sent_and_received_as_they_are_written()
    {
        await using var router = new FakeRouter();
        using var key = PrivateKey.Generate(KeyAlgorithm.X25519);
        EntityId correlation = EntityId.Random();
        EntityId entity = EntityId.Random();
        Task<FakeSession> accepting = router.AcceptAsync();
        await using SmpConnection connection = await SmpConnection.ConnectAsync(router.Address, cancellation: Cancellation);
        FakeSession session = await accepting;

        await connection.SendAsync(OneCommand(connection, correlation, entity, key), Cancellation);
        FakeCommand command = await session.ReceiveAsync();
        Assert.IsType<SubCommand>(command.Command);
        Assert.True(command.IsAuthorisedBy(key));
        await command.AnswerAsync(OkResponse.Instance);

        ReadOnlyMemory<byte>? content = await connection.ReceiveAsync(new byte[Block.Length], Cancellation);
        Assert.True(TransmissionReader.TryOpen(connection.Format, content!.Value, out TransmissionReader reader));
        Assert.True(reader.TryRead(out Transmission answer));
        Assert.Equal(correlation, answer.CorrelationId);
        Assert.Equal("OK"u8, answer.Command.Span);

        await session.DisposeAsync();
        Assert.Null(await connection.ReceiveAsync(new byte[Block.Length], Cancellation));
    }

    private static byte[] OneCommand(SmpConnection connection, EntityId correlation, EntityId entity, PrivateKey key)
    {
        var blocks = new BlockWriter(new byte[Block.MaxEncryptedContent]);
        WireWriter writer = blocks.Open();
        TransmissionWriter.WriteCommand(ref writer, connection.Format, correlation, entity, "SUB"u8, connection.Prepare(key));
        byte[] content = new byte[1 + sizeof(ushort) + writer.Length];
        var copy = new BlockWriter(content);
        Assert.True(copy.TryAdd(writer.Written));
        return content;
    }
}
