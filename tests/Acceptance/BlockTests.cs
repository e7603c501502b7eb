using SimplexActors.Acceptance.Support;
using SimplexActors.Client;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Protocol.Transport;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Acceptance;

/// <summary>Blocks and transmissions as a client can send them, right and wrong.</summary>
public sealed class BlockTests(RouterFixture fixture) : IClassFixture<RouterFixture>
{
    private static readonly Answer BlockError = new(EntityId.Empty, EntityId.Empty, new ErrResponse(SmpError.Block));

    private readonly TestRouter _router = fixture.Router;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(6)]
    [InlineData(11)]
    [InlineData(20)]
    [Spec("S-108", "S-111")]
    public async Task A_block_that_does_not_decrypt_is_answered_and_the_connection_goes_on(int version)
    {
        await using Wire wire = await _router.ConnectWireAsync(version);
        for (int i = 0; i < 2; i++)
        {
            byte[] block = new byte[Block.Length];
            wire.Connection.Encoder.Encode(block, 1);
            block.AsSpan().Fill(0xFF);
            await wire.Connection.SendRawAsync(block, Cancellation);
            Assert.Equal(BlockError, Assert.Single(await wire.ReceiveAsync()));
        }

        Assert.IsType<PongResponse>(await wire.AskAsync("PING"));
    }

    public static TheoryData<string> WrongContents => ["", "00", "0100", "010005", "01000161FF", "0200036162", "FF0000"];

    [Theory]
    [MemberData(nameof(WrongContents))]
    [Spec("S-113")]
    public async Task A_block_that_is_not_made_of_transmissions_gets_one_error(string content)
    {
        foreach (int version in new[] { 6, 11, 20 })
        {
            await using Wire wire = await _router.ConnectWireAsync(version);
            await wire.Connection.SendAsync(Convert.FromHexString(content), Cancellation);
            Assert.Equal(BlockError, Assert.Single(await wire.ReceiveAsync()));
            Assert.IsType<PongResponse>(await wire.AskAsync("PING"));
        }
    }

    [Theory]
    [InlineData(6)]
    [InlineData(9)]
    [InlineData(20)]
    [Spec("S-116", "S-120", "S-327")]
    public async Task Wrong_transmissions_do_not_stop_the_others(int version)
    {
        await using Wire wire = await _router.ConnectWireAsync(version);
        using var key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        var correlation = EntityId.Random();
        byte[] ping = wire.Command("PING");
        byte[] cut = [0, 24, 1, 2, 3];
        byte[] authorised = wire.Command("SUB", EntityId.Random(), key, correlation);
        byte[] wrongLength = [63, .. authorised[2..]];
        IReadOnlyList<Answer> answers = await wire.AskAsync(ping, cut, ping, [], wrongLength, wire.Command("NONE"), ping);
        Assert.IsType<PongResponse>(answers[0].Response);
        Assert.Equal(BlockError, answers[1]);
        Assert.IsType<PongResponse>(answers[2].Response);
        Assert.Equal(BlockError, answers[3]);
        Assert.Equal(BlockError with { Correlation = correlation }, answers[4]);
        Assert.Equal(CmdError.Unknown, answers[5].Error);
        Assert.IsType<PongResponse>(answers[6].Response);
    }

    [Fact]
    [Spec("S-117")]
    public async Task In_version_6_every_transmission_names_its_session()
    {
        await using Wire wire = await _router.ConnectWireAsync(6);
        var correlation = EntityId.Random();
        byte[] other = wire.Command("PING", default, null, correlation);
        const int InSessionId = 5;
        other[InSessionId] ^= 1;
        IReadOnlyList<Answer> answers = await wire.AskAsync(other, wire.Command("PING"));
        Assert.Equal(new Answer(correlation, EntityId.Empty, new ErrResponse(SmpError.Session)), answers[0]);
        Assert.IsType<PongResponse>(answers[1].Response);
    }

    [Theory]
    [InlineData(11)]
    [InlineData(20)]
    [Spec("S-106")]
    public async Task Without_the_clients_key_blocks_are_not_encrypted(int version)
    {
        await using Wire wire = await _router.ConnectWireAsync(version, sendSessionKey: false);
        Assert.Equal(Block.MaxPlainContent, wire.Connection.Encoder.MaxContent);
        Assert.IsType<PongResponse>(await wire.AskAsync("PING"));
        using var key = PrivateKey.Generate(KeyAlgorithm.X25519);
        using var dhKey = PrivateKey.Generate(KeyAlgorithm.X25519);
        var create = new NewCommand(key.Public, dhKey.Public, null, Subscribe: false, Protocol.Smp.QueueMode.Messaging, null, null);
        Assert.IsType<IdsResponse>(Assert.Single(await wire.AskAsync(wire.Command(create, default, key))).Response);
    }

    [Theory]
    [InlineData(6)]
    [InlineData(20)]
    [Spec("S-105", "S-109")]
    public async Task Blocks_are_encrypted_when_the_version_has_it(int version)
    {
        await using Wire wire = await _router.ConnectWireAsync(version);
        Assert.Equal(version < 11 ? Block.MaxPlainContent : Block.MaxEncryptedContent, wire.Connection.Encoder.MaxContent);
        Assert.IsType<PongResponse>(await wire.AskAsync("PING"));
    }

    [Fact]
    [Spec("S-113", "S-119", "S-461")]
    public async Task Two_hundred_and_fifty_five_commands_share_a_block_and_so_do_their_answers()
    {
        await using Wire wire = await _router.ConnectWireAsync();
        EntityId[] correlations = [.. Enumerable.Range(0, byte.MaxValue).Select(i => new EntityId([(byte)i]))];
        await wire.SendAsync([.. correlations.Select(correlation => wire.Command("PING", default, null, correlation))]);
        IReadOnlyList<Answer> answers = await wire.ReceiveAsync();
        Assert.Equal(correlations, answers.Select(answer => answer.Correlation));
        Assert.All(answers, answer => Assert.IsType<PongResponse>(answer.Response));
    }

    [Fact]
    [Spec("S-121", "S-122", "S-444", "S-474")]
    public async Task Answers_that_need_two_blocks_fill_the_last_one()
    {
        // Each answer takes 2 + 1 + 25 + 25 + 15 bytes, so 240 fit in 16365.
        await using Wire wire = await _router.ConnectWireAsync();
        await wire.SendAsync([.. Enumerable.Range(0, byte.MaxValue).Select(_ => wire.Command("X", EntityId.Random()))]);
        IReadOnlyList<Answer> first = await wire.ReceiveAsync();
        Assert.Equal((15, 240), (first.Count, (await wire.ReceiveAsync()).Count));
    }

    [Fact]
    [Spec("S-121", "S-123", "S-405", "S-444", "S-500")]
    public async Task As_many_queues_as_a_block_can_subscribe_to_end_in_one_go()
    {
        const int Subscriptions = 135;
        await using Peer owner = await _router.ConnectAsync();
        RecipientQueue[] queues = await Task.WhenAll(
            Enumerable.Range(0, Subscriptions).Select(_ => owner.Client.CreateQueueAsync(new NewQueue { Subscribe = false }).AsTask()));
        await using Wire first = await _router.ConnectWireAsync();
        await using Wire second = await _router.ConnectWireAsync();
        await SubscribeAsync(first);
        await SubscribeAsync(second);
        IReadOnlyList<Answer> ends = await first.ReceiveAsync(Subscriptions);
        Assert.All(ends, end => Assert.IsType<EndResponse>(end.Response));

        async Task SubscribeAsync(Wire wire)
        {
            await wire.SendAsync([.. queues.Select(queue => wire.Command(SubCommand.Instance, queue.RecipientId, queue.Key))]);
            IReadOnlyList<Answer> answers = await wire.ReceiveAsync();
            Assert.Equal(queues.Select(queue => queue.RecipientId), answers.Select(answer => answer.Entity));
            Assert.All(answers, answer => Assert.Equal(SokResponse.Plain, answer.Response));
        }
    }
}
