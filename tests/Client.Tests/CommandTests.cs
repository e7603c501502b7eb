using SimplexActors.Client.Tests.Fakes;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Client.Tests;

public class CommandTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<KeyAlgorithm, int> KeysAndVersions()
    {
        var data = new TheoryData<KeyAlgorithm, int>();
        foreach (int version in (int[])[6, 7, 10, 15, 16, 20])
        {
            data.Add(KeyAlgorithm.Ed25519, version);
            data.Add(KeyAlgorithm.Ed448, version);
            if (version > 6)
            {
                data.Add(KeyAlgorithm.X25519, version);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(KeysAndVersions))]
    [Spec("S-114", "S-118", "S-133", "S-134")]
    public async Task Commands_are_authorised_with_every_kind_of_key(KeyAlgorithm algorithm, int version)
    {
        await using var router = new FakeRouter();
        (SmpClient client, FakeSession session) = await router.ConnectAsync(new SmpClientOptions { MaxVersion = (ushort)version });
        await using SmpClient _ = client;
        using var queue = new SenderQueue(EntityId.Random(), PrivateKey.Generate(algorithm));

        // Twice: what was agreed for the first is used again for the second.
        for (int i = 0; i < 2; i++)
        {
            SmpCall<SmpResponse> sending = client.SendAsync(queue, "hello"u8.ToArray(), notify: true, Cancellation);
            FakeCommand command = await session.ReceiveAsync();
            Assert.True(command.IsAuthorisedBy(queue.Key!));
            Assert.Equal(24, command.Correlation.Length);
            Assert.Equal(queue.SenderId, command.Entity);
            SendCommand send = Assert.IsType<SendCommand>(command.Command);
            Assert.True(send.Notify);
            Assert.Equal("hello"u8, send.Body.Span);
            await command.AnswerAsync(OkResponse.Instance);
            Assert.IsType<OkResponse>(await sending);
        }
    }

    [Fact]
    [Spec("S-074")]
    public async Task A_key_that_the_version_cannot_use_is_said_before_sending()
    {
        await using var router = new FakeRouter(new VersionRange(6, 6));
        (SmpClient client, _) = await router.ConnectAsync();
        await using SmpClient closed = client;
        using var queue = new SenderQueue(EntityId.Random(), PrivateKey.Generate(KeyAlgorithm.X25519));
        SmpResult<SmpResponse> result = await client.SendAsync(queue, default, cancellation: Cancellation).AsResult();
        Assert.Equal(new VersionTooLow(SmpCommandTag.SEND, 7), result.Failure);
    }

    [Fact]
    [Spec("S-204")]
    public async Task An_error_of_the_router_is_a_value_or_an_exception()
    {
        await using var router = new FakeRouter();
        (SmpClient client, FakeSession session) = await router.ConnectAsync();
        await using SmpClient closed = client;
        using var queue = new SenderQueue(EntityId.Random());

        ValueTask<SmpResult<SmpResponse>> asValue = client.SendAsync(queue, default, cancellation: Cancellation).AsResult();
        await (await session.ReceiveAsync()).AnswerAsync(new ErrResponse(SmpError.Quota));
        SmpResult<SmpResponse> result = await asValue;
        Assert.False(result.Succeeded);
        Assert.Equal(SmpError.Quota, result.Error);
        Assert.Throws<SmpException>(() => result.Value);

        Task<SmpResponse> asException = client.SendAsync(queue, default, cancellation: Cancellation).AsTask();
        await (await session.ReceiveAsync()).AnswerAsync(new ErrResponse(CmdError.Syntax));
        SmpException thrown = await Assert.ThrowsAsync<SmpException>(() => asException);
        Assert.Equal(CmdError.Syntax, thrown.Error);
        Assert.Equal("The router answered CMD SYNTAX.", thrown.Message);
    }

    [Fact]
    [Spec("S-116")]
    public async Task An_error_without_the_entity_still_answers_its_command()
    {
        await using var router = new FakeRouter();
        (SmpClient client, FakeSession session) = await router.ConnectAsync();
        await using SmpClient closed = client;
        using var queue = new SenderQueue(EntityId.Random());
        ValueTask<SmpResult<SmpResponse>> sending = client.SendAsync(queue, default, cancellation: Cancellation).AsResult();
        FakeCommand command = await session.ReceiveAsync();
        await session.SendAsync((command.Correlation, EntityId.Empty, new ErrResponse(SmpError.Block)));
        Assert.Equal(SmpError.Block, (await sending).Error);
    }

    [Fact]
    [Spec("S-170")]
    public async Task An_answer_that_does_not_belong_to_the_command_fails_only_it()
    {
        await using var router = new FakeRouter();
        (SmpClient client, FakeSession session) = await router.ConnectAsync();
        await using SmpClient closed = client;
        using var queue = new SenderQueue(EntityId.Random());

        ValueTask<SmpResult<SmpResponse>> otherKind = client.SendAsync(queue, default, cancellation: Cancellation).AsResult();
        await (await session.ReceiveAsync()).AnswerAsync(PongResponse.Instance);
        Assert.Equal(new WrongAnswer(SmpCommandTag.SEND) { Start = "PONG" }, (await otherKind).Failure);

        ValueTask<SmpResult<SmpResponse>> otherEntity = client.SendAsync(queue, default, cancellation: Cancellation).AsResult();
        FakeCommand command = await session.ReceiveAsync();
        await session.SendAsync((command.Correlation, EntityId.Random(), OkResponse.Instance));
        Assert.Equal(new WrongAnswer(SmpCommandTag.SEND) { Start = "OK" }, (await otherEntity).Failure);

        SmpCall<SmpResponse> ping = client.PingAsync(Cancellation);
        await (await session.ReceiveAsync()).AnswerAsync(PongResponse.Instance);
        Assert.IsType<PongResponse>(await ping);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(10)]
    [InlineData(6)]
    [Spec("S-124", "S-125", "S-276")]
    public async Task The_largest_message_of_the_version_fits_and_a_larger_one_is_not_sent(int version)
    {
        await using var router = new FakeRouter();
        (SmpClient client, FakeSession session) = await router.ConnectAsync(new SmpClientOptions { MaxVersion = (ushort)version });
        await using SmpClient closed = client;
        using var queue = new SenderQueue(EntityId.Random(), PrivateKey.Generate(KeyAlgorithm.Ed448));
        Assert.Equal(SmpSizes.MaxBody((ushort)version), client.MaxBodyBytes);

        SmpResult<SmpResponse> tooLarge = await client.SendAsync(queue, new byte[Protocol.Transport.Block.Length], cancellation: Cancellation).AsResult();
        Assert.Equal(new CommandTooLarge(SmpCommandTag.SEND), tooLarge.Failure);

        SmpCall<SmpResponse> sending = client.SendAsync(queue, new byte[client.MaxBodyBytes], cancellation: Cancellation);
        FakeCommand command = await session.ReceiveAsync();
        Assert.Equal(client.MaxBodyBytes, ((SendCommand)command.Command).Body.Length);
        await command.AnswerAsync(OkResponse.Instance);
        await sending;
    }

    [Fact]
    public async Task Every_method_sends_its_command()
    {
        await using var router = new FakeRouter();
        (SmpClient client, FakeSession session) = await router.ConnectAsync();
        await using SmpClient closed = client;
        using RecipientQueue queue = Samples.Queue();
        using var sender = new SenderQueue(queue.SenderId, PrivateKey.Generate(KeyAlgorithm.Ed25519));
        var link = new LinkData("fixed"u8.ToArray(), "user"u8.ToArray());
        EntityId linkId = EntityId.Random();
        EntityId messageId = EntityId.Random();
        (SmpCall<SmpResponse> Call, SmpCommand Expected, EntityId Entity)[] calls =
        [
            (client.SubscribeAsync(queue, Cancellation), SubCommand.Instance, queue.RecipientId),
            (client.AcknowledgeAsync(queue, messageId, Cancellation), new AckCommand(messageId), queue.RecipientId),
            (client.SecureAsync(queue, sender.Key!.Public, Cancellation), new KeyCommand(sender.Key.Public), queue.RecipientId),
            (client.SuspendAsync(queue, Cancellation), OffCommand.Instance, queue.RecipientId),
            (client.DeleteAsync(queue, Cancellation), DelCommand.Instance, queue.RecipientId),
            (client.DeleteLinkAsync(queue, Cancellation), LdelCommand.Instance, queue.RecipientId),
            (client.DisableNotificationsAsync(queue, Cancellation), NdelCommand.Instance, queue.RecipientId),
            (client.SecureAsync(sender, Cancellation), new SkeyCommand(sender.Key.Public), queue.SenderId),
        ];
        foreach ((SmpCall<SmpResponse> call, SmpCommand expected, EntityId entity) in calls)
        {
            FakeCommand command = await session.ReceiveAsync();
            Assert.Equal(expected, command.Command);
            Assert.Equal(entity, command.Entity);
            Assert.True(command.IsAuthorisedBy(entity == queue.RecipientId ? queue.Key : sender.Key));
            await command.AnswerAsync(expected is SubCommand ? SokResponse.Plain : OkResponse.Instance);
            await call;
        }

        SmpCall<SmpResponse> setting = client.SetLinkAsync(queue, linkId, link, Cancellation);
        FakeCommand lset = await session.ReceiveAsync();
        Assert.Equal(linkId, Assert.IsType<LsetCommand>(lset.Command).LinkId);
        await lset.AnswerAsync(OkResponse.Instance);
        await setting;

        SmpCall<SmpResponse> replacing = client.ReplaceKeysAsync(queue, [sender.Key.Public], Cancellation);
        FakeCommand rkey = await session.ReceiveAsync();
        Assert.Equal([sender.Key.Public], Assert.IsType<RkeyCommand>(rkey.Command).RecipientKeys);
        await rkey.AnswerAsync(OkResponse.Instance);
        await replacing;
    }

    [Fact]
    [Spec("S-162", "S-163", "S-189")]
    public async Task Links_lead_to_queues()
    {
        await using var router = new FakeRouter();
        (SmpClient client, FakeSession session) = await router.ConnectAsync();
        await using SmpClient closed = client;
        using var key = PrivateKey.Generate(KeyAlgorithm.X25519);
        EntityId linkId = EntityId.Random();
        EntityId senderId = EntityId.Random();
        var data = new LinkData("fixed"u8.ToArray(), "user"u8.ToArray());

        SmpCall<ResolvedLink> getting = client.GetLinkAsync(linkId, Cancellation);
        FakeCommand lget = await session.ReceiveAsync();
        Assert.IsType<LgetCommand>(lget.Command);
        Assert.True(lget.Transmission.Authorization.IsEmpty);
        await lget.AnswerAsync(new LnkResponse(senderId, data));
        ResolvedLink open = await getting;
        Assert.Equal(senderId, open.Queue.SenderId);
        Assert.Null(open.Queue.Key);
        Assert.Equal("user"u8, open.Data.User.Span);

        SmpCall<ResolvedLink> securing = client.SecureByLinkAsync(linkId, key, Cancellation);
        FakeCommand lkey = await session.ReceiveAsync();
        Assert.Equal(new LkeyCommand(key.Public), lkey.Command);
        Assert.True(lkey.IsAuthorisedBy(key));
        await lkey.AnswerAsync(new LnkResponse(senderId, data));
        ResolvedLink secured = await securing;
        Assert.Same(key, secured.Queue.Key);
    }

    [Fact]
    [Spec("S-158", "S-202", "S-248")]
    public async Task Information_about_a_queue_is_read()
    {
        await using var router = new FakeRouter();
        (SmpClient client, FakeSession session) = await router.ConnectAsync();
        await using SmpClient closed = client;
        using RecipientQueue queue = Samples.Queue();
        SmpCall<QueueInfo> asking = client.GetInfoAsync(queue, Cancellation);
        await (await session.ReceiveAsync()).AnswerAsync(new InfoResponse("""{"qiSnd":true,"qiNtf":false,"qiSize":3}"""u8.ToArray()));
        QueueInfo info = await asking;
        Assert.True(info.IsSecured);
        Assert.Equal(3, info.Size);

        ValueTask<SmpResult<QueueInfo>> bad = client.GetInfoAsync(queue, Cancellation).AsResult();
        await (await session.ReceiveAsync()).AnswerAsync(new InfoResponse("{"u8.ToArray()));
        Assert.Equal(new WrongAnswer(SmpCommandTag.QUE), (await bad).Failure);
    }
}
