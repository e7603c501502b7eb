using SimplexActors.Acceptance.Support;
using SimplexActors.Client;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Acceptance;

/// <summary>Commands that are none, lack something or carry too much.</summary>
public sealed class SyntaxTests(RouterFixture fixture) : IClassFixture<RouterFixture>
{
    private const string Garbage = "\u0001\u0002\u0003garbage";

    private readonly TestRouter _router = fixture.Router;

    public static TheoryData<int> Versions => [6, 9, 11, 16, 20];

    [Theory]
    [MemberData(nameof(Versions))]
    [Spec("S-178", "S-179", "S-181", "S-182", "S-183", "S-436")]
    public async Task Wrong_commands_are_answered_with_what_is_wrong(int version)
    {
        await using Wire wire = await _router.ConnectWireAsync(version);
        using var key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        using var dhKey = PrivateKey.Generate(KeyAlgorithm.X25519);
        var entity = EntityId.Random();
        Assert.Equal(CmdError.Unknown, await wire.ErrorAsync("HELLO"));
        Assert.Equal(CmdError.Unknown, await wire.ErrorAsync("OK", entity, key));
        Assert.IsType<PongResponse>(await wire.AskAsync("PING"));

        Assert.Equal(CmdError.Syntax, await wire.ErrorAsync("NEW", default, key));
        Assert.Equal(CmdError.Syntax, await wire.ErrorAsync("NEW " + Garbage, default, key));
        string keyText = Short(key.Public);
        string create = "NEW " + keyText + Short(dhKey.Public) + version switch { < 9 => "S", < 15 => "0SF", < 17 => "0S0", _ => "0S00" };
        Assert.Equal(CmdError.NoAuth, await wire.ErrorAsync(create));
        Assert.Equal(CmdError.HasAuth, await wire.ErrorAsync(create, entity, key));
        Answer created = Assert.Single(await wire.AskAsync(wire.Command(create, default, key)));
        Assert.IsType<IdsResponse>(created.Response);

        Assert.Equal(SmpError.Auth, await wire.ErrorAsync("KEY " + keyText, entity, key));
        Assert.Equal(CmdError.Syntax, await wire.ErrorAsync("KEY", entity, key));
        Assert.Equal(CmdError.Syntax, await wire.ErrorAsync("KEY " + Garbage, entity, key));
        Assert.Equal(CmdError.NoAuth, await wire.ErrorAsync("KEY " + keyText, entity));
        Assert.Equal(CmdError.NoAuth, await wire.ErrorAsync("KEY " + keyText, default, key));

        Assert.Equal(SmpError.Auth, await wire.ErrorAsync("SEND F hello", entity, key));
        Assert.Equal(SmpError.Auth, await wire.ErrorAsync("SEND F hello", entity));
        Assert.Equal(CmdError.Syntax, await wire.ErrorAsync("SEND", entity, key));
        Assert.Equal(CmdError.NoEntity, await wire.ErrorAsync("SEND F hello", default, key));

        string acknowledge = "ACK \u0003abc";
        Assert.Equal(SmpError.Auth, await wire.ErrorAsync(acknowledge, entity, key));
        Assert.Equal(CmdError.Syntax, await wire.ErrorAsync("ACK", entity, key));
        Assert.Equal(CmdError.NoAuth, await wire.ErrorAsync(acknowledge, entity));
        Assert.Equal(CmdError.NoAuth, await wire.ErrorAsync(acknowledge, default, key));
        Assert.Equal(CmdError.HasAuth, await wire.ErrorAsync("PING", entity));
        Assert.Equal(CmdError.HasAuth, await wire.ErrorAsync("PING", default, key));
    }

    [Theory]
    [InlineData("SUB")]
    [InlineData("OFF")]
    [InlineData("DEL")]
    [InlineData("GET")]
    [InlineData("NDEL")]
    [InlineData("QUE")]
    [InlineData("NSUB")]
    [InlineData("LDEL")]
    [Spec("S-182", "S-183", "S-436")]
    public async Task Commands_without_parameters_need_a_queue_and_a_key(string command)
    {
        await using Wire wire = await _router.ConnectWireAsync();
        using var key = PrivateKey.Generate(KeyAlgorithm.X25519);
        var entity = EntityId.Random();
        Assert.Equal(SmpError.Auth, await wire.ErrorAsync(command, entity, key));
        Assert.Equal(CmdError.Unknown, await wire.ErrorAsync(command + "=", entity, key));
        Assert.Equal(CmdError.NoAuth, await wire.ErrorAsync(command, entity));
        Assert.Equal(CmdError.NoAuth, await wire.ErrorAsync(command, default, key));
    }

    [Fact]
    [Spec("S-180", "S-182")]
    public async Task Senders_and_link_holders_are_told_what_is_missing()
    {
        await using Wire wire = await _router.ConnectWireAsync();
        using var key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        var entity = EntityId.Random();
        Assert.Equal(CmdError.NoEntity, await wire.ErrorAsync("LGET"));
        Assert.Equal(CmdError.HasAuth, await wire.ErrorAsync("LGET", entity, key));
        foreach (string tag in new[] { "SKEY ", "LKEY " })
        {
            Assert.Equal(SmpError.Auth, await wire.ErrorAsync(tag + Short(key.Public), entity, key));
            Assert.Equal(CmdError.NoAuth, await wire.ErrorAsync(tag + Short(key.Public), entity));
            Assert.Equal(CmdError.NoAuth, await wire.ErrorAsync(tag + Short(key.Public), default, key));
        }
    }

    [Fact]
    [Spec("S-183", "S-185")]
    public async Task A_service_signature_outside_a_service_session_is_refused()
    {
        await using Peer owner = await _router.ConnectAsync();
        using RecipientQueue queue = await owner.Client.CreateQueueAsync(new NewQueue { Subscribe = false });
        QueueNotifications notifications = await owner.Client.EnableNotificationsAsync(queue);
        await using Wire wire = await _router.ConnectWireAsync();
        foreach ((string command, EntityId entity, PrivateKey key) in new[]
        {
            ("SUB", queue.RecipientId, queue.Key),
            ("QUE", queue.RecipientId, queue.Key),
            ("NSUB", notifications.Notifier.NotifierId, notifications.Notifier.Key),
        })
        {
            byte[] plain = wire.Command(command, entity, key);
            const int AfterAuthorization = 65;
            Assert.Equal((64, (byte)'0'), (plain[0], plain[AfterAuthorization]));
            byte[] signed = [.. plain[..AfterAuthorization], (byte)'1', 64, .. new byte[64], .. plain[(AfterAuthorization + 1)..]];
            Answer answer = Assert.Single(await wire.AskAsync(signed));
            Assert.Equal((entity, SmpError.Service), (answer.Entity, answer.Error));
            Assert.Null(Assert.Single(await wire.AskAsync(plain)).Error);
        }

        // Whether the queue exists comes first.
        byte[] missing = wire.Command("SUB", EntityId.Random(), queue.Key);
        byte[] missingSigned = [.. missing[..65], (byte)'1', 64, .. new byte[64], .. missing[66..]];
        Assert.Equal(SmpError.Auth, Assert.Single(await wire.AskAsync(missingSigned)).Error);
    }

    private static string Short(PublicKey key) => (char)key.Spki.Length + System.Text.Encoding.Latin1.GetString(key.Spki);
}
