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

/// <summary>What the agreed version changes.</summary>
public sealed class VersionTests(RouterFixture fixture) : IClassFixture<RouterFixture>
{
    private const int PlainContentBytes = 16382;
    private const int EncryptedContentBytes = 16366;

    private readonly TestRouter _router = fixture.Router;

    [Theory]
    [InlineData(6, 16088, PlainContentBytes)]
    [InlineData(7, 16088, PlainContentBytes)]
    [InlineData(8, 16064, PlainContentBytes)]
    [InlineData(10, 16064, PlainContentBytes)]
    [InlineData(11, 16048, EncryptedContentBytes)]
    [InlineData(13, 16048, EncryptedContentBytes)]
    [InlineData(20, 16048, EncryptedContentBytes)]
    [Spec("S-076", "S-079", "S-081", "S-276", "S-457", "S-470")]
    public async Task The_version_decides_about_sizes_but_not_about_that_of_a_delivered_body(int version, int largestBody, int content)
    {
        await using Peer owner = await _router.ConnectAsync();
        using RecipientQueue queue = await owner.Client.CreateQueueAsync(new NewQueue { Subscribe = false });
        await using Wire wire = await _router.ConnectWireAsync(version);
        Assert.Equal(content, wire.Connection.Encoder.MaxContent);
        Assert.Equal(SmpError.LargeMsg, await wire.ErrorAsync("SEND F " + new string('x', largestBody + 1), queue.SenderId));
        Assert.IsType<OkResponse>(await wire.AskAsync("SEND F " + new string('x', largestBody), queue.SenderId));
        var message = Assert.IsType<MsgResponse>(await wire.AskAsync("GET", queue.RecipientId, queue.Key));
        Assert.Equal(16122, message.Encrypted.Length);
        await owner.Client.SubscribeAsync(queue);
        Assert.Equal(new string('x', largestBody), await owner.ReceiveAsync(queue));
    }

    [Theory]
    [InlineData(6, false)]
    [InlineData(7, true)]
    [InlineData(20, true)]
    [Spec("S-074", "S-075")]
    public async Task From_version_7_on_both_sides_have_session_keys_and_the_session_id_is_not_sent(int version, bool hasKeys)
    {
        await using Wire wire = await _router.ConnectWireAsync(version);
        Assert.Equal(!hasKeys, wire.Command("PING").AsSpan().IndexOf(wire.Connection.SessionId.Bytes) > 0);
        Assert.IsType<PongResponse>(await wire.AskAsync("PING"));
        Assert.Equal(hasKeys, wire.Connection.RouterKey is not null);

        // Only session keys let a client authorise with X25519.
        using var key = PrivateKey.Generate(hasKeys ? KeyAlgorithm.X25519 : KeyAlgorithm.Ed25519);
        using var dhKey = PrivateKey.Generate(KeyAlgorithm.X25519);
        var create = new NewCommand(key.Public, dhKey.Public, null, Subscribe: true, version < 9 ? null : QueueMode.Messaging, null, null);
        byte[] command = wire.Command(create, EntityId.Empty, key);
        Assert.Equal(hasKeys ? 80 : 64, command[0]);
        Assert.IsType<IdsResponse>(Assert.Single(await wire.AskAsync(command)).Response);
    }
}
