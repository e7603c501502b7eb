using SimplexActors.Acceptance.Support;
using SimplexActors.Client;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Acceptance;

/// <summary>What the reference gets wrong when commands meet: here a queue decides one after another.</summary>
public sealed class RaceTests(RouterFixture fixture) : IClassFixture<RouterFixture>
{
    private const int Rounds = 50;

    private readonly TestRouter _router = fixture.Router;

    [Fact]
    [Spec("S-478")]
    public async Task A_message_sent_during_a_subscription_is_delivered()
    {
        await using Peer owner = await _router.ConnectAsync();
        await using Peer sender = await _router.ConnectAsync();
        for (int i = 0; i < 2 * Rounds; i++)
        {
            using RecipientQueue queue = await owner.Client.CreateQueueAsync(new NewQueue { Subscribe = false });
            SmpCall<SmpResponse> sending = sender.Client.SendAsync(queue.Unsecured(), $"{i}");
            SmpCall<SmpResponse> subscribing = owner.Client.SubscribeAsync(queue);
            await subscribing;
            await sending;
            Assert.Equal($"{i}", await owner.ReceiveAsync(queue));
        }
    }

    [Fact]
    [Spec("S-422", "S-478")]
    public async Task Messages_of_two_senders_at_once_all_arrive()
    {
        await using Peer owner = await _router.ConnectAsync();
        await using Peer first = await _router.ConnectAsync();
        await using Peer second = await _router.ConnectAsync();
        using RecipientQueue queue = await owner.Client.CreateQueueAsync();
        for (int i = 0; i < Rounds; i++)
        {
            SmpCall<SmpResponse> one = first.Client.SendAsync(queue.Unsecured(), $"one {i}");
            SmpCall<SmpResponse> two = second.Client.SendAsync(queue.Unsecured(), $"two {i}");
            string[] received = [await owner.ReceiveAsync(queue), await owner.ReceiveAsync(queue)];
            Assert.Equal([$"one {i}", $"two {i}"], received.Order());
            await one;
            await two;
        }

        Assert.Empty(await owner.CloseAsync());
    }

    [Fact]
    [Spec("S-480")]
    public async Task Of_many_senders_who_secure_a_queue_at_once_one_succeeds()
    {
        await using Peer owner = await _router.ConnectAsync();
        Peer[] senders = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => _router.ConnectAsync()));
        for (int i = 0; i < Rounds; i++)
        {
            using RecipientQueue queue = await owner.Client.CreateQueueAsync(new NewQueue { Subscribe = false });
            SenderQueue[] handles = [.. senders.Select(_ => new SenderQueue(queue.SenderId, PrivateKey.Generate(KeyAlgorithm.Ed25519)))];
            SmpError?[] errors = await Task.WhenAll(senders.Zip(handles, (sender, handle) => sender.Client.SecureAsync(handle).ErrorAsync()));
            int winner = Array.IndexOf(errors, null);
            Assert.Equal([null, SmpError.Auth, SmpError.Auth, SmpError.Auth], errors.OrderBy(error => error is not null));

            SmpError?[] sent = await Task.WhenAll(senders.Zip(handles, (sender, handle) => sender.Client.SendAsync(handle, "hello").ErrorAsync()));
            Assert.Equal(errors, sent);
            Assert.Equal(1, (await owner.Client.GetInfoAsync(queue)).Size);
            Assert.InRange(winner, 0, senders.Length - 1);
        }

        foreach (Peer sender in senders)
        {
            await sender.DisposeAsync();
        }
    }

    [Fact]
    [Spec("S-481")]
    public async Task A_message_that_meets_the_deletion_is_accepted_or_refused_as_unauthorised()
    {
        await using Peer owner = await _router.ConnectAsync();
        await using Peer sender = await _router.ConnectAsync();
        for (int i = 0; i < Rounds; i++)
        {
            using RecipientQueue queue = await owner.Client.CreateQueueAsync(new NewQueue { Subscribe = false });
            Task<SmpError?>[] sending = [.. Enumerable.Range(0, 4).Select(n => sender.Client.SendAsync(queue.Unsecured(), $"{n}").ErrorAsync())];
            await owner.Client.DeleteAsync(queue);
            SmpError?[] errors = await Task.WhenAll(sending);
            Assert.All(errors, error => Assert.True(error is null || error == SmpError.Auth, $"{error}"));
            Assert.Equal(SmpError.Auth, await sender.Client.SendAsync(queue.Unsecured(), "late").ErrorAsync());
        }
    }

    [Fact]
    [Spec("S-327", "S-328", "S-329", "S-463", "S-503")]
    public async Task Commands_of_one_block_take_effect_in_their_order()
    {
        await using Peer owner = await _router.ConnectAsync();
        await using Wire wire = await _router.ConnectWireAsync();
        for (int i = 0; i < Rounds; i++)
        {
            using RecipientQueue queue = await owner.Client.CreateQueueAsync(new NewQueue { Subscribe = false });
            using var key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
            IReadOnlyList<Answer> answers = await wire.AskAsync(
                wire.Command("SEND F unsigned", queue.SenderId),
                wire.Command("SEND F too early", queue.SenderId, key),
                wire.Command(new KeyCommand(key.Public), queue.RecipientId, queue.Key),
                wire.Command("SEND F signed", queue.SenderId, key),
                wire.Command("SEND F too late", queue.SenderId),
                wire.Command(OffCommand.Instance, queue.RecipientId, queue.Key),
                wire.Command("SEND F off", queue.SenderId, key));
            Assert.Equal([null, SmpError.Auth, null, null, SmpError.Auth, null, SmpError.Auth], answers.Select(answer => answer.Error));
            await owner.Client.SubscribeAsync(queue);
            Assert.Equal("unsigned", await owner.ReceiveAsync(queue));
            Assert.Equal("signed", await owner.ReceiveAsync(queue));
        }

        Assert.Empty(await owner.CloseAsync());
    }

    [Fact]
    [Spec("S-330", "S-503")]
    public async Task Blocks_that_do_not_wait_for_each_other_take_effect_in_their_order()
    {
        await using Peer owner = await _router.ConnectAsync();
        await using Wire wire = await _router.ConnectWireAsync();
        for (int i = 0; i < Rounds; i++)
        {
            using RecipientQueue queue = await owner.Client.CreateQueueAsync(new NewQueue { Subscribe = false });
            using var key = PrivateKey.Generate(KeyAlgorithm.X25519);
            await wire.SendAsync(wire.Command("SEND F unsigned", queue.SenderId));
            await wire.SendAsync(wire.Command(new KeyCommand(key.Public), queue.RecipientId, queue.Key));
            await wire.SendAsync(wire.Command("SEND F signed", queue.SenderId, key));
            await wire.SendAsync(wire.Command(DelCommand.Instance, queue.RecipientId, queue.Key));
            await wire.SendAsync(wire.Command("SEND F deleted", queue.SenderId, key));
            IReadOnlyList<Answer> answers = await wire.ReceiveAsync(5);
            Assert.Equal([null, null, null, null, SmpError.Auth], answers.Select(answer => answer.Error));
        }
    }

    [Fact]
    [Spec("S-240", "S-503")]
    public async Task A_replaced_key_is_refused_in_the_same_block()
    {
        await using Peer owner = await _router.ConnectAsync();
        await using Wire wire = await _router.ConnectWireAsync();
        using RecipientQueue queue = await owner.Client.CreateQueueAsync(new NewQueue { Mode = Protocol.Smp.QueueMode.Contact, Subscribe = false });
        using var next = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        IReadOnlyList<Answer> answers = await wire.AskAsync(
            wire.Command("QUE", queue.RecipientId, queue.Key),
            wire.Command("QUE", queue.RecipientId, next),
            wire.Command(new RkeyCommand([next.Public]), queue.RecipientId, queue.Key),
            wire.Command("QUE", queue.RecipientId, queue.Key),
            wire.Command("QUE", queue.RecipientId, next));
        Assert.Equal([null, SmpError.Auth, null, SmpError.Auth, null], answers.Select(answer => answer.Error));
        Assert.All(answers, answer => Assert.Equal(queue.RecipientId, answer.Entity));
    }
}
