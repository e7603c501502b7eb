using SimplexActors.Acceptance.Support;
using SimplexActors.Client;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Acceptance;

/// <summary>Short links: data that a queue's owner leaves for those who know the link.</summary>
public sealed class LinkTests(RouterFixture fixture) : IClassFixture<RouterFixture>
{
    private static readonly LinkData Data = Link("fixed", "user");

    private readonly TestRouter _router = fixture.Router;

    [Theory]
    [InlineData(16)]
    [InlineData(20)]
    [Spec("S-235", "S-238", "S-241", "S-278", "S-304", "S-306", "S-435")]
    public async Task A_one_time_link_secures_its_queue_and_goes_with_the_first_message(int version)
    {
        await using Peer owner = await _router.ConnectAsync(version);
        await using Peer sender = await _router.ConnectAsync(version);
        using RecipientQueue queue = await owner.Client.CreateQueueAsync(new NewQueue { Link = Data });
        EntityId linkId = queue.LinkId!.Value;
        Assert.Equal(SmpError.Auth, await sender.Client.GetLinkAsync(linkId).ErrorAsync());
        using var key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        using var other = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        Assert.Equal(SmpError.Auth, await sender.Client.SecureByLinkAsync(queue.SenderId, key).ErrorAsync());
        await owner.Client.SetLinkAsync(queue, linkId, Link("fixed", "changed"));

        ResolvedLink resolved = await sender.Client.SecureByLinkAsync(linkId, key);
        Assert.Equal(queue.SenderId, resolved.Queue.SenderId);
        resolved.Data.AssertIs(Link("fixed", "changed"));
        (await sender.Client.SecureByLinkAsync(linkId, key)).Data.AssertIs(resolved.Data);
        Assert.Equal(SmpError.Auth, await sender.Client.SecureByLinkAsync(linkId, other).ErrorAsync());
        Assert.Equal(SmpError.Auth, await owner.Client.SetLinkAsync(queue, linkId, Link("fixed", "too late")).ErrorAsync());

        await sender.Client.SendAsync(resolved.Queue, "hello");
        Assert.Equal("hello", await owner.ReceiveAsync(queue));
        Assert.Equal(SmpError.Auth, await sender.Client.SecureByLinkAsync(linkId, key).ErrorAsync());
    }

    [Theory]
    [InlineData(16)]
    [InlineData(20)]
    [Spec("S-239", "S-241", "S-302", "S-304", "S-305", "S-435")]
    public async Task The_link_of_a_contact_address_stays_until_it_is_deleted(int version)
    {
        await using Peer owner = await _router.ConnectAsync(version);
        await using Peer other = await _router.ConnectAsync(version);
        var linkId = EntityId.Random();
        using RecipientQueue queue = await owner.Client.CreateQueueAsync(new NewQueue { Mode = QueueMode.Contact, Link = Data, LinkId = linkId });
        Assert.Equal(linkId, queue.LinkId);
        (await other.Client.GetLinkAsync(linkId)).Data.AssertIs(Data);
        using var key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        Assert.Equal(SmpError.Auth, await other.Client.SecureByLinkAsync(linkId, key).ErrorAsync());
        Assert.Equal(CmdError.HasAuth, await other.Client.ExecuteAsync(LgetCommand.Instance, linkId, key).ErrorAsync());
        Assert.Equal(CmdError.NoAuth, await other.Client.ExecuteAsync(new LkeyCommand(key.Public), linkId).ErrorAsync());
        Assert.Equal(SmpError.Auth, await other.Client.GetLinkAsync(queue.SenderId).ErrorAsync());

        Assert.Equal(SmpError.Auth, await owner.Client.SetLinkAsync(queue, linkId, Link("other", "user")).ErrorAsync());
        Assert.Equal(SmpError.Auth, await owner.Client.SetLinkAsync(queue, EntityId.Random(), Data).ErrorAsync());
        await owner.Client.SetLinkAsync(queue, linkId, Link("fixed", "changed"));
        (await other.Client.GetLinkAsync(linkId)).Data.AssertIs(Link("fixed", "changed"));
        await other.Client.SendAsync(queue.Unsecured(), "hello");
        await owner.ReceiveAsync(queue);
        (await other.Client.GetLinkAsync(linkId)).Data.AssertIs(Link("fixed", "changed"));

        await owner.Client.DeleteLinkAsync(queue);
        await owner.Client.DeleteLinkAsync(queue);
        Assert.Equal(SmpError.Auth, await other.Client.GetLinkAsync(linkId).ErrorAsync());
        await owner.Client.SetLinkAsync(queue, linkId, Link("another", "user"));
        (await other.Client.GetLinkAsync(linkId)).Data.AssertIs(Link("another", "user"));
    }

    [Fact]
    [Spec("S-302", "S-303", "S-435")]
    public async Task Nobody_takes_a_link_of_somebody_else()
    {
        await using Peer owner = await _router.ConnectAsync();
        await using Peer thief = await _router.ConnectAsync();
        var linkId = EntityId.Random();
        using RecipientQueue victim = await owner.Client.CreateQueueAsync(new NewQueue { Mode = QueueMode.Contact, Link = Data, LinkId = linkId });
        using RecipientQueue queue = await thief.Client.CreateQueueAsync(new NewQueue { Mode = QueueMode.Contact });
        Assert.Equal(SmpError.Auth, await thief.Client.SetLinkAsync(queue, linkId, Link("stolen", "link")).ErrorAsync());
        Assert.Equal(
            SmpError.Auth,
            await thief.Client.CreateQueueAsync(new NewQueue { Mode = QueueMode.Contact, Link = Link("stolen", "link"), LinkId = linkId }).ErrorAsync());
        ResolvedLink resolved = await thief.Client.GetLinkAsync(linkId);
        resolved.Data.AssertIs(Data);
        Assert.Equal(victim.SenderId, resolved.Queue.SenderId);

        var own = EntityId.Random();
        await thief.Client.SetLinkAsync(queue, own, Data);
        Assert.Equal(queue.SenderId, (await thief.Client.GetLinkAsync(own)).Queue.SenderId);
    }

    [Fact]
    [Spec("S-229", "S-230", "S-435", "S-447")]
    public async Task A_sender_id_must_be_made_of_the_correlation_id_and_be_new()
    {
        await using Wire wire = await _router.ConnectWireAsync();
        using var key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        using var dhKey = PrivateKey.Generate(KeyAlgorithm.X25519);
        EntityId correlation = EntityId.Random();
        NewCommand create = Create(ProtocolHash.SenderId(correlation.Bytes));
        IReadOnlyList<Answer> answers = await wire.AskAsync(
            wire.Command(create, EntityId.Empty, key, new EntityId("1"u8)),
            wire.Command(create, EntityId.Empty, key, correlation),
            wire.Command(create, EntityId.Empty, key, correlation));
        Assert.Equal([CmdError.Prohibited, null, SmpError.Auth], answers.Select(answer => answer.Error));
        Assert.All(answers, answer => Assert.True(answer.Entity.IsEmpty));

        NewCommand Create(EntityId senderId) => new(
            key.Public, dhKey.Public, null, Subscribe: false, QueueMode.Messaging, new NewQueueLink(null, senderId, Data), null);
    }

    private static LinkData Link(string fixedPart, string user) =>
        new(System.Text.Encoding.ASCII.GetBytes(fixedPart), System.Text.Encoding.ASCII.GetBytes(user));
}
