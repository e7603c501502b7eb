using SimplexActors.Acceptance.Support;
using SimplexActors.Client;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Acceptance;

/// <summary>Nobody can tell a wrong key from a missing queue. That the answers also take the same time is proven at the edge.</summary>
public sealed class RefusalTests(RouterFixture fixture) : IClassFixture<RouterFixture>
{
    private readonly TestRouter _router = fixture.Router;

    [Theory]
    [InlineData(6, KeyAlgorithm.Ed25519, KeyAlgorithm.Ed25519)]
    [InlineData(6, KeyAlgorithm.Ed448, KeyAlgorithm.Ed25519)]
    [InlineData(7, KeyAlgorithm.Ed448, KeyAlgorithm.Ed448)]
    [InlineData(7, KeyAlgorithm.Ed448, KeyAlgorithm.X25519)]
    [InlineData(7, KeyAlgorithm.X25519, KeyAlgorithm.Ed25519)]
    [InlineData(7, KeyAlgorithm.X25519, KeyAlgorithm.Ed448)]
    [InlineData(7, KeyAlgorithm.X25519, KeyAlgorithm.X25519)]
    [Spec("S-136", "S-137", "S-429")]
    public async Task Wrong_keys_of_any_kind_and_missing_queues_are_refused_alike(int version, KeyAlgorithm stored, KeyAlgorithm provided)
    {
        await using Peer owner = await _router.ConnectAsync();
        using RecipientQueue queue = await owner.Client.CreateQueueAsync(new NewQueue { Key = PrivateKey.Generate(stored), Subscribe = false });
        using var sender = new SenderQueue(queue.SenderId, PrivateKey.Generate(stored));
        await owner.Client.SecureAsync(sender);
        await using Wire wire = await _router.ConnectWireAsync(version);
        using var wrong = PrivateKey.Generate(provided);
        foreach ((string command, EntityId entity) in new[] { ("SUB", queue.RecipientId), ("SEND F hello", queue.SenderId) })
        {
            EntityId missing = EntityId.Random();
            IReadOnlyList<Answer> answers = await wire.AskAsync(
                wire.Command(command, entity, wrong, EntityId.Empty), wire.Command(command, missing, wrong, EntityId.Empty));
            Assert.Equal(
                [new Answer(EntityId.Empty, entity, new ErrResponse(SmpError.Auth)), new Answer(EntityId.Empty, missing, new ErrResponse(SmpError.Auth))],
                answers);
        }

        Assert.Equal(0, (await owner.Client.GetInfoAsync(queue)).Size);
    }
}
