using SimplexActors.Acceptance.Support;
using SimplexActors.Client;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Acceptance;

/// <summary>Queues from their creation to a sender who alone may send.</summary>
public sealed class SecuringTests(RouterFixture fixture) : IClassFixture<RouterFixture>
{
    private readonly TestRouter _router = fixture.Router;

    [Theory]
    [InlineData(6, 16088)]
    [InlineData(9, 16064)]
    [InlineData(11, 16048)]
    [InlineData(16, 16048)]
    [InlineData(20, 16048)]
    [Spec("S-236", "S-276", "S-410", "S-462")]
    public async Task The_owner_secures_a_queue(int version, int largest)
    {
        await using Peer owner = await _router.ConnectAsync(version);
        await using Peer sender = await _router.ConnectAsync(version);
        Assert.Equal(version, owner.Client.Version);
        using RecipientQueue queue = await owner.Client.CreateQueueAsync(new NewQueue { Key = PrivateKey.Generate(KeyAlgorithm.Ed448) });
        await sender.Client.SendAsync(queue.Unsecured(), "hello");
        ReceivedMessage first = await owner.MessageAsync(queue);
        Assert.Equal("hello", first.Text());
        await owner.Client.AcknowledgeAsync(queue, first.Id);
        Assert.Equal(SmpError.NoMsg, await owner.Client.AcknowledgeAsync(queue, first.Id).ErrorAsync());

        using var secured = new SenderQueue(queue.SenderId, PrivateKey.Generate(KeyAlgorithm.Ed448));
        PublicKey key = secured.Key!.Public;
        using var other = PrivateKey.Generate(KeyAlgorithm.Ed448);
        Assert.Equal(SmpError.Auth, await sender.Client.SendAsync(secured, "too early").ErrorAsync());
        Assert.Equal(SmpError.Auth, await owner.Client.ExecuteAsync(new KeyCommand(key), queue.RecipientId, other).ErrorAsync());
        Assert.Equal(SmpError.Auth, await owner.Client.ExecuteAsync(new KeyCommand(key), queue.SenderId, queue.Key).ErrorAsync());
        await owner.Client.SecureAsync(queue, key);
        await owner.Client.SecureAsync(queue, key);
        Assert.Equal(SmpError.Auth, await owner.Client.SecureAsync(queue, other.Public).ErrorAsync());

        await sender.Client.SendAsync(secured, "secured");
        Assert.Equal("secured", await owner.ReceiveAsync(queue));
        Assert.Equal(SmpError.Auth, await sender.Client.SendAsync(queue.Unsecured(), "unsigned").ErrorAsync());
        await SendLargestAsync(owner, queue, sender, secured, largest);
        Assert.Empty(await owner.CloseAsync());
    }

    [Theory]
    [InlineData(9, KeyAlgorithm.Ed25519)]
    [InlineData(11, KeyAlgorithm.X25519)]
    [InlineData(16, KeyAlgorithm.Ed448)]
    [InlineData(20, KeyAlgorithm.X25519)]
    [Spec("S-133", "S-237", "S-411")]
    public async Task The_sender_secures_a_queue(int version, KeyAlgorithm algorithm)
    {
        await using Peer owner = await _router.ConnectAsync(version);
        await using Peer sender = await _router.ConnectAsync(version);
        using RecipientQueue queue = await owner.Client.CreateQueueAsync(new NewQueue { Key = PrivateKey.Generate(algorithm) });
        using var secured = new SenderQueue(queue.SenderId, PrivateKey.Generate(algorithm));
        using var other = new SenderQueue(queue.SenderId, PrivateKey.Generate(algorithm));
        var secure = new SkeyCommand(secured.Key!.Public);
        Assert.Equal(SmpError.Auth, await sender.Client.ExecuteAsync(secure, queue.SenderId, other.Key).ErrorAsync());
        Assert.Equal(SmpError.Auth, await sender.Client.ExecuteAsync(secure, queue.RecipientId, secured.Key).ErrorAsync());
        await sender.Client.SecureAsync(secured);
        Assert.Equal(SmpError.Auth, await sender.Client.SecureAsync(other).ErrorAsync());
        await sender.Client.SecureAsync(secured);

        await sender.Client.SendAsync(secured, "secured");
        Assert.Equal("secured", await owner.ReceiveAsync(queue));
        Assert.Equal(SmpError.Auth, await sender.Client.SendAsync(queue.Unsecured(), "unsigned").ErrorAsync());
        Assert.Equal(SmpError.Auth, await sender.Client.SendAsync(other, "wrong key").ErrorAsync());
        await SendLargestAsync(owner, queue, sender, secured, sender.Client.MaxBodyBytes);
        Assert.Empty(await owner.CloseAsync());
    }

    [Fact]
    [Spec("S-237", "S-412")]
    public async Task A_sender_cannot_secure_a_contact_address()
    {
        await using Peer owner = await _router.ConnectAsync();
        using RecipientQueue queue = await owner.Client.CreateQueueAsync(new NewQueue { Mode = QueueMode.Contact });
        await using Wire sender = await _router.ConnectWireAsync();
        using var key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        var correlation = EntityId.Random();
        Answer answer = Assert.Single(await sender.AskAsync(
            sender.Command(new SkeyCommand(key.Public), queue.SenderId, key, correlation)));
        Assert.Equal(new Answer(correlation, queue.SenderId, new ErrResponse(SmpError.Auth)), answer);
    }

    [Fact]
    [Spec("S-141", "S-240", "S-413")]
    public async Task Owners_of_a_contact_address_replace_their_keys()
    {
        await using Peer owner = await _router.ConnectAsync();
        using RecipientQueue queue = await owner.Client.CreateQueueAsync(new NewQueue { Mode = QueueMode.Contact });
        using var second = PrivateKey.Generate(KeyAlgorithm.Ed448);
        RecipientQueue asSecond = queue.WithKey(second);
        Assert.Equal(SmpError.Auth, await owner.Client.GetInfoAsync(asSecond).ErrorAsync());

        await owner.Client.ReplaceKeysAsync(queue, [queue.Key.Public, second.Public]);
        await owner.Client.GetInfoAsync(queue);
        await owner.Client.GetInfoAsync(asSecond);

        await owner.Client.ReplaceKeysAsync(asSecond, [second.Public]);
        Assert.Equal(SmpError.Auth, await owner.Client.GetInfoAsync(queue).ErrorAsync());

        await owner.Client.ReplaceKeysAsync(asSecond, [queue.Key.Public]);
        Assert.Equal(SmpError.Auth, await owner.Client.GetInfoAsync(asSecond).ErrorAsync());
        await owner.Client.GetInfoAsync(queue);

        using RecipientQueue messaging = await owner.Client.CreateQueueAsync();
        Assert.Equal(SmpError.Auth, await owner.Client.ReplaceKeysAsync(messaging, [second.Public]).ErrorAsync());
    }

    [Fact]
    [Spec("S-142", "S-410")]
    public async Task A_new_queue_is_answered_without_an_entity()
    {
        await using Wire wire = await _router.ConnectWireAsync();
        using var key = PrivateKey.Generate(KeyAlgorithm.Ed448);
        using var other = PrivateKey.Generate(KeyAlgorithm.Ed448);
        using var dhKey = PrivateKey.Generate(KeyAlgorithm.X25519);
        var create = new NewCommand(key.Public, dhKey.Public, null, Subscribe: false, QueueMode.Messaging, null, null);
        IReadOnlyList<Answer> answers = await wire.AskAsync(
            wire.Command(create, EntityId.Empty, key, EntityId.Empty), wire.Command(create, EntityId.Empty, other, EntityId.Empty));
        Assert.All(answers, answer => Assert.Equal((EntityId.Empty, EntityId.Empty), (answer.Correlation, answer.Entity)));
        Assert.Equal(EntityId.GeneratedLength, Assert.IsType<IdsResponse>(answers[0].Response).RecipientId.Length);
        Assert.Equal(SmpError.Auth, answers[1].Error);
    }

    private static async Task SendLargestAsync(Peer owner, RecipientQueue queue, Peer sender, SenderQueue secured, int largest)
    {
        Assert.Equal(SmpError.LargeMsg, await sender.Client.SendAsync(secured, new byte[largest + 1]).ErrorAsync());
        byte[] body = Enumerable.Range(0, largest).Select(i => (byte)i).ToArray();
        await sender.Client.SendAsync(secured, body);
        ReceivedMessage message = await owner.MessageAsync(queue);
        Assert.Equal(body, message.Body.ToArray());
        await owner.Client.AcknowledgeAsync(queue, message.Id);
    }
}
