using System.Security.Cryptography;
using SimplexActors.Client;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Transport;
using Xunit;

namespace SimplexActors.Acceptance.Hostile;

/// <summary>Blocks of real commands, whole and spoilt, before and after encryption.</summary>
[Collection(nameof(WholeMachine))]
public sealed class BrokenBlocksTests(ITestOutputHelper output)
{
    private const int Connections = 8;
    private const int BlocksPerConnection = 250;
    private const int MostCommands = 12;

    private static readonly EntityId LastId = new(RandomNumberGenerator.GetBytes(EntityId.GeneratedLength));

    /// <summary>A failure bound only.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Valid_and_spoilt_blocks_in_any_order_disturb_nobody()
    {
        await using AttackedRouter router = await AttackedRouter.StartAsync();
        int[] answers = await Task.WhenAll(Enumerable.Range(0, Connections).Select(seed => AttackAsync(router, new Random(seed)))).WaitAsync(Patience);
        output.WriteLine($"{answers.Sum()} blocks of answers to {Connections * BlocksPerConnection} blocks");
        Assert.All(answers, count => Assert.True(count > 0));
        await router.AssertUnharmedAsync(output);
    }

    /// <summary>Returns how many blocks the router answered.</summary>
    private static async Task<int> AttackAsync(AttackedRouter router, Random random)
    {
        await using SmpClient creator = await SmpClient.ConnectAsync(router.Address);
        RecipientQueue queue = await creator.CreateQueueAsync(new NewQueue { Subscribe = false });
        await using SmpConnection connection = await SmpConnection.ConnectAsync(router.Address);
        Task<int> answers = CountAnswersAsync(connection);
        for (int i = 0; i < BlocksPerConnection; i++)
        {
            await SendAsync(connection, random, MakeContent(connection, queue, random));
        }

        // No block spoils the next one: the last command is answered as on any connection.
        await connection.SendAsync(MakeLastContent(connection));
        return await answers;
    }

    private static async Task SendAsync(SmpConnection connection, Random random, byte[] content)
    {
        switch (random.Next(4))
        {
            case 0:
                Spoil(content, random);
                await connection.SendAsync(content);
                break;
            case 1:
                byte[] block = new byte[Block.Length];
                content.CopyTo(connection.Encoder.ContentOf(block));
                connection.Encoder.Encode(block, content.Length);
                Spoil(block, random);
                await connection.SendRawAsync(block);
                break;
            case 2:
                await connection.SendAsync(content.AsMemory(0, random.Next(content.Length)));
                break;
            default:
                await connection.SendAsync(content);
                break;
        }
    }

    /// <summary>Reads up to the answer to the last command.</summary>
    private static async Task<int> CountAnswersAsync(SmpConnection connection)
    {
        byte[] block = new byte[Block.Length];
        for (int count = 1; ; count++)
        {
            ReadOnlyMemory<byte>? content = await connection.ReceiveAsync(block);
            Assert.NotNull(content);
            Assert.True(TransmissionReader.TryOpen(connection.Format, content.Value, out TransmissionReader reader));
            while (reader.TryRead(out Transmission transmission))
            {
                if (transmission.CorrelationId == LastId)
                {
                    return count;
                }
            }
        }
    }

    private static byte[] MakeLastContent(SmpConnection connection)
    {
        byte[] content = new byte[connection.Encoder.MaxContent];
        var block = new BlockWriter(content);
        WireWriter transmission = block.Open();
        TransmissionWriter.WriteCommand(ref transmission, connection.Format, LastId, EntityId.Empty, "PING"u8, key: null);
        block.TryClose(transmission);
        return content[..block.ContentLength];
    }

    private static byte[] MakeContent(SmpConnection connection, RecipientQueue queue, Random random)
    {
        byte[] content = new byte[connection.Encoder.MaxContent];
        var block = new BlockWriter(content);
        CommandKey owner = connection.Prepare(queue.Key)!;
        for (int i = random.Next(1, MostCommands); i > 0; i--)
        {
            (SmpCommand command, EntityId entity, CommandKey? key) = random.Next(8) switch
            {
                0 => (SubCommand.Instance, queue.RecipientId, owner),
                1 => (GetCommand.Instance, queue.RecipientId, owner),
                2 => (new AckCommand(queue.SenderId), queue.RecipientId, owner),
                3 => (new KeyCommand(queue.Key.Public), queue.RecipientId, owner),
                4 => (QueCommand.Instance, queue.SenderId, owner),
                5 => (PingCommand.Instance, EntityId.Empty, null),
                6 => (new NewCommand(queue.Key.Public, PrivateKey.Generate(KeyAlgorithm.X25519).Public, null, false, Protocol.Smp.QueueMode.Messaging, null, null), EntityId.Empty, owner),
                _ => ((SmpCommand)new SendCommand(false, RandomNumberGenerator.GetBytes(random.Next(800))), queue.SenderId, (CommandKey?)null),
            };
            byte[] parameters = new byte[Block.Length];
            var writer = new WireWriter(parameters);
            SmpCommandWriter.Write(ref writer, command, connection.Version);
            WireWriter transmission = block.Open();
            TransmissionWriter.WriteCommand(
                ref transmission, connection.Format, new EntityId(RandomNumberGenerator.GetBytes(EntityId.GeneratedLength)), entity, writer.Written, key);
            block.TryClose(transmission);
        }

        return content[..block.ContentLength];
    }

    private static void Spoil(byte[] bytes, Random random)
    {
        for (int i = random.Next(1, 9); i > 0; i--)
        {
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        }
    }
}
