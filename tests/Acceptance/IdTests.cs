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

/// <summary>Ids that clients choose and ids that the router makes.</summary>
public sealed class IdTests(RouterFixture fixture) : IClassFixture<RouterFixture>
{
    private const int RouterIdBytes = 24;

    private readonly TestRouter _router = fixture.Router;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(23)]
    [InlineData(25)]
    [InlineData(255)]
    [Spec("S-022", "S-461")]
    public async Task Ids_of_any_length_are_accepted_and_come_back(int length)
    {
        await using Peer owner = await _router.ConnectAsync();
        using RecipientQueue queue = await owner.Client.CreateQueueAsync(new NewQueue { Subscribe = false });
        await using Wire wire = await _router.ConnectWireAsync();
        var id = new EntityId([.. Enumerable.Repeat((byte)0xEE, length)]);
        IReadOnlyList<Answer> answers = await wire.AskAsync(
            wire.Command("PING", default, null, id),
            wire.Command("LGET", id, null, id),
            wire.Command("GET", queue.RecipientId, queue.Key, id),
            wire.Command(new AckCommand(id), queue.RecipientId, queue.Key, id));
        Assert.All(answers, answer => Assert.Equal(id, answer.Correlation));
        Assert.IsType<PongResponse>(answers[0].Response);
        Assert.Equal((id, length == 0 ? CmdError.NoEntity : SmpError.Auth), (answers[1].Entity, answers[1].Error));
        Assert.Equal((queue.RecipientId, OkResponse.Instance), (answers[2].Entity, answers[2].Response));
        Assert.Equal((queue.RecipientId, SmpError.NoMsg), (answers[3].Entity, answers[3].Error));
    }

    [Fact]
    [Spec("S-228")]
    public async Task The_router_makes_ids_of_24_bytes_and_never_the_same()
    {
        var ids = new List<EntityId>();
        await using Wire wire = await _router.ConnectWireAsync();
        for (int i = 0; i < 20; i++)
        {
            IdsResponse plain = await CreateAsync(wire, linkOf: null);
            Assert.Null(plain.LinkId);
            IdsResponse linked = await CreateAsync(wire, correlation => new NewQueueLink(null, ProtocolHash.SenderId(correlation.Bytes), Link()));
            ids.AddRange(plain.RecipientId, plain.SenderId, plain.Notifier!.NotifierId, linked.RecipientId, linked.LinkId!.Value);
        }

        Assert.All(ids, id => Assert.Equal(RouterIdBytes, id.Length));
        Assert.Distinct(ids);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(24)]
    [InlineData(200)]
    [Spec("S-228", "S-235")]
    public async Task The_owner_of_a_contact_address_chooses_its_link_id(int length)
    {
        await using Wire wire = await _router.ConnectWireAsync();
        var linkId = new EntityId(System.Security.Cryptography.RandomNumberGenerator.GetBytes(length));
        IdsResponse ids = await CreateAsync(wire, correlation => new NewQueueLink(linkId, ProtocolHash.SenderId(correlation.Bytes), Link()));
        Assert.Equal(linkId, ids.LinkId);
        Assert.Equal(ids.SenderId, Assert.IsType<LnkResponse>(await wire.AskAsync("LGET", linkId)).SenderId);
    }

    [Fact]
    [Spec("S-122", "S-226")]
    public async Task An_answer_that_fits_no_block_is_not_sent_and_harms_no_other()
    {
        await using Peer owner = await _router.ConnectAsync();
        var linkId = EntityId.Random();
        var data = new LinkData(new byte[2048], new byte[14_010]);
        using RecipientQueue queue = await owner.Client.CreateQueueAsync(new NewQueue { Mode = QueueMode.Contact, Link = data, LinkId = linkId });
        await using Wire wire = await _router.ConnectWireAsync();
        var longest = new EntityId(new byte[255]);
        EntityId[] correlations = [EntityId.Random(), EntityId.Random()];
        await wire.SendAsync(
            wire.Command("PING", default, null, correlations[0]),
            wire.Command("LGET", linkId, null, longest),
            wire.Command("PING", default, null, correlations[1]));
        Assert.Equal(correlations, (await wire.ReceiveAsync(2)).Select(answer => answer.Correlation));
        Assert.IsType<LnkResponse>(await wire.AskAsync("LGET", linkId));
    }

    private static LinkData Link() => new("fixed"u8.ToArray(), "user"u8.ToArray());

    /// <summary>Creates a queue with a notifier, and with a link if <paramref name="linkOf"/> makes one.</summary>
    private static async Task<IdsResponse> CreateAsync(Wire wire, Func<EntityId, NewQueueLink>? linkOf)
    {
        using var key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        using var dhKey = PrivateKey.Generate(KeyAlgorithm.X25519);
        var correlation = EntityId.Random();
        NewQueueLink? link = linkOf?.Invoke(correlation);
        QueueMode mode = link?.LinkId is null ? QueueMode.Messaging : QueueMode.Contact;
        var create = new NewCommand(
            key.Public, dhKey.Public, null, Subscribe: false, mode, link, new NewNotifier(key.Public, dhKey.Public));
        return Assert.IsType<IdsResponse>(Assert.Single(await wire.AskAsync(wire.Command(create, EntityId.Empty, key, correlation))).Response);
    }
}
