using SimplexActors.Acceptance.Support;
using SimplexActors.Client.Tests.Fakes;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Protocol.Transport;
using SimplexActors.Protocol.Transport.Forwarding;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Acceptance.Proxy;

/// <summary>What a proxy tells its clients about relays that misbehave; the test plays the relays.</summary>
public sealed class RelayErrorTests(RelayErrorTests.ProxyRouter fixture) : IClassFixture<RelayErrorTests.ProxyRouter>
{
    /// <summary>A proxy whose relays are on this machine.</summary>
    public sealed class ProxyRouter : RouterFixture
    {
        protected override string[] Settings => [ProxyFixture.AllowLoopback, "proxy.failure_time=1 s"];
    }

    private readonly TestRouter _proxy = fixture.Router;

    [Theory]
    [InlineData(6, 20, 20, 8, 20)]
    [InlineData(6, 14, 14, 8, 14)]
    [InlineData(12, 30, 20, 12, 20)]
    [InlineData(6, 13, 10, 8, 10)]
    [InlineData(9, 11, 10, 9, 10)]
    [InlineData(8, 8, 8, 8, 8)]
    [Spec("S-072", "S-103", "S-340", "S-342")]
    public async Task The_proxy_agrees_on_a_version_with_the_relay(int min, int max, int agreed, int clientMin, int clientMax)
    {
        await using var relay = new FakeRouter(new VersionRange((ushort)min, (ushort)max));
        await using Wire client = await _proxy.ConnectWireAsync();
        Task<FakeSession> accepting = relay.AcceptAsync();
        PkeyResponse key = await client.PkeyAsync(relay.Address);
        FakeSession session = await accepting;
        Assert.Equal("smp/1", session.ApplicationProtocol);
        Assert.Equal((agreed, agreed >= 14), (session.Hello!.Version, session.Hello.ProxyServer));
        Assert.NotNull(session.Hello.Key);
        Assert.Null(session.Hello.Service);
        Assert.Equal((clientMin, clientMax), (key.MinVersion, key.MaxVersion));
        Assert.Equal(relay.Chain.Select(der => der.ToArray()), key.CertificateChain.Select(der => der.ToArray()));
        Assert.True(SignedKey.TryDecode(key.SignedKey.Span) is { } signed && signed.Key.Equals(relay.ServerKey.Public));

        Task<SmpError?> forwarding = client.ForwardErrorAsync(key.SessionId);
        await (await session.ReceiveAsync()).AnswerAsync(new ErrResponse(SmpError.Crypto));
        Assert.Equal(new ProxyProtocolError(SmpError.Crypto), await forwarding);
    }

    [Theory]
    [InlineData(6, 6)]
    [InlineData(6, 7)]
    [InlineData(21, 30)]
    [Spec("S-342", "S-344", "S-441")]
    public async Task A_relay_that_does_not_know_proxies_has_no_version_for_them(int min, int max)
    {
        await using var relay = new FakeRouter(new VersionRange((ushort)min, (ushort)max));
        await using Wire client = await _proxy.ConnectWireAsync();
        Task<FakeSession> accepting = relay.AcceptAsync();
        Assert.Equal(ProxyClient.Transport(TransportError.Version), await client.OpenErrorAsync(relay.Address));
        FakeSession session = await accepting;
        if (session.Hello is not null)
        {
            Assert.Equal(ProxyClient.Transport(TransportError.Version), await client.ForwardErrorAsync(session.Id));
        }
    }

    [Fact]
    [Spec("S-342", "S-353", "S-102")]
    public async Task Bad_handshakes_are_told_apart()
    {
        await using var other = new FakeRouter();
        await AssertRefusedAsync(new FakeRouter { Tamper = hello => hello with { Key = null } }, ProxyClient.Transport(TransportError.NoAuth));
        await AssertRefusedAsync(new FakeRouter { Tamper = hello => hello with { SessionId = new byte[32] } }, ProxyClient.Transport(TransportError.Session));
        await AssertRefusedAsync(
            new FakeRouter { Tamper = hello => hello with { Key = hello.Key! with { Chain = other.Chain } } },
            ProxyClient.Transport(TransportError.HandshakeBadAuth));
        await AssertRefusedAsync(
            new FakeRouter { Tamper = hello => hello with { SessionId = new byte[32], Versions = new VersionRange(6, 6), Key = null } },
            ProxyClient.Transport(TransportError.Session));
    }

    [Fact]
    [Spec("S-353")]
    public async Task Another_router_at_the_address_is_a_network_error()
    {
        await using var relay = new FakeRouter();
        await using Wire client = await _proxy.ConnectWireAsync();
        Task accepting = Assert.ThrowsAnyAsync<Exception>(relay.AcceptTlsAsync);
        Assert.Equal(ProxyClient.Network, await client.OpenErrorAsync(relay.AddressOf(new byte[32])));
        await accepting;
    }

    [Fact]
    [Spec("S-346", "S-350", "S-352", "S-353")]
    public async Task Answers_to_forwarded_commands_become_answers_to_the_client()
    {
        await using var relay = new FakeRouter();
        await using Wire client = await _proxy.ConnectWireAsync();
        Task<FakeSession> accepting = relay.AcceptAsync();
        EntityId id = (await client.PkeyAsync(relay.Address)).SessionId;
        FakeSession session = await accepting;
        Assert.Equal(id, session.Id);

        var quota = new ProxyProtocolError(SmpError.Quota);
        Assert.Equal(quota, await ErrorAsync(client, session, command => command.AnswerAsync(new ErrResponse(SmpError.Quota))));
        Assert.Equal(new ProxyBrokerError(new BrokerUnexpectedError("PONG")), await ErrorAsync(client, session, command => command.AnswerAsync(PongResponse.Instance)));
        var long32 = new ProxyBrokerError(new BrokerUnexpectedError("INFO 0123456789012345678901234567890"[..32]));
        Assert.Equal(long32, await ErrorAsync(client, session, command => command.AnswerAsync(new InfoResponse("0123456789012345678901234567890"u8.ToArray()))));
        Assert.Equal(new ProxyBrokerError(new BrokerResponseError("CMD UNKNOWN")), await ErrorAsync(client, session, command => AnswerTextAsync(session, command, "WHAT")));
        Assert.Equal(new ProxyBrokerError(new BrokerResponseError("CMD SYNTAX")), await ErrorAsync(client, session, command => AnswerTextAsync(session, command, "RRES")));
        Assert.Equal(SmpError.Crypto, await ErrorAsync(client, session, command => command.AnswerAsync(new RresResponse(new byte[100]))));
        Assert.Equal(
            new ProxyBrokerError(new BrokerResponseError("BLOCK")),
            await ErrorAsync(client, session, command => command.AnswerAsync(Rres(relay, session, command, [9, 1, 2]))));

        // The correlation id within is not looked at.
        Task<IReadOnlyList<Answer>> asking = client.AskAsync(client.Pfwd(id));
        FakeCommand last = await session.ReceiveAsync();
        Assert.True(last.Entity.IsEmpty);
        Assert.Equal(24, last.Correlation.Length);
        await last.AnswerAsync(Rres(relay, session, last, [2, 7, 7, .. "for the client"u8]));
        Answer answer = Assert.Single(await asking);
        Assert.Equal(id, answer.Entity);
        Assert.Equal("for the client"u8, Assert.IsType<PresResponse>(answer.Response).Encrypted.Span);
    }

    [Fact]
    [Spec("S-353", "S-344")]
    public async Task A_relay_that_breaks_off_is_a_network_error_and_its_session_is_over()
    {
        await using var relay = new FakeRouter();
        await using Wire client = await _proxy.ConnectWireAsync();
        Task<FakeSession> accepting = relay.AcceptAsync();
        EntityId id = (await client.PkeyAsync(relay.Address)).SessionId;
        FakeSession session = await accepting;
        Assert.Equal(ProxyClient.Network, await ErrorAsync(client, session, _ => Task.Run(session.Break)));
        Task<FakeSession> again = relay.AcceptAsync();
        EntityId next = (await client.ReachAsync(relay.Address)).SessionId;
        Assert.NotEqual(id, next);
        await again;
        Assert.Equal(SmpError.ProxyNoSession, await client.ForwardErrorAsync(id));
    }

    [Fact]
    [Spec("S-353", "S-344", "S-441")]
    public async Task A_relay_that_answers_nothing_is_given_up()
    {
        using var folder = new TemporaryFolder();
        await using var relay = new FakeRouter();
        await using TestRouter impatient = await TestRouter.StartAsync(folder.Path, ProxyFixture.AllowLoopback, "proxy.response_timeout=1 s");
        await using Wire client = await impatient.ConnectWireAsync();
        Task<FakeSession> accepting = relay.AcceptAsync();
        EntityId id = (await client.PkeyAsync(relay.Address)).SessionId;
        FakeSession session = await accepting;
        Assert.Equal(new ProxyBrokerError(BrokerError.Timeout), await ErrorAsync(client, session, _ => Task.CompletedTask));
        Assert.True(await session.IsClosedAsync());
        Task<FakeSession> again = relay.AcceptAsync();
        Assert.NotEqual(id, (await client.ReachAsync(relay.Address)).SessionId);
        await again;
    }

    [Fact]
    [Spec("S-346")]
    public async Task Each_command_has_a_correlation_id_of_its_own()
    {
        await using var relay = new FakeRouter();
        await using Wire client = await _proxy.ConnectWireAsync();
        Task<FakeSession> accepting = relay.AcceptAsync();
        EntityId id = (await client.PkeyAsync(relay.Address)).SessionId;
        FakeSession session = await accepting;
        var same = EntityId.Random();
        await client.SendAsync(client.Pfwd(id, same));
        await client.SendAsync(client.Pfwd(id, same));
        FakeCommand first = await session.ReceiveAsync();
        FakeCommand second = await session.ReceiveAsync();
        Assert.NotEqual(first.Correlation, second.Correlation);
        Assert.NotEqual(same, first.Correlation);
        Assert.Equal(same, Forwarded(relay, session, first).CorrelationId);
        Assert.Equal(same, Forwarded(relay, session, second).CorrelationId);
    }

    private static ForwardedCommand Forwarded(FakeRouter relay, FakeSession session, FakeCommand command)
    {
        using ProxySecret secret = ProxySecret.TryAgree(relay.ServerKey, session.Hello!.Key!)!;
        byte[] nonce = new byte[SecretBox.NonceLength];
        ForwardingNonce.OfCommand(command.Correlation, nonce);
        byte[] box = ((RfwdCommand)command.Command).Encrypted.ToArray();
        Assert.True(ProxyLayer.TryOpen(secret.Key, nonce, box, out Memory<byte> opened));
        return ProxyLayer.ReadCommand(opened)!;
    }

    private static RresResponse Rres(FakeRouter relay, FakeSession session, FakeCommand command, byte[] content)
    {
        using ProxySecret secret = ProxySecret.TryAgree(relay.ServerKey, session.Hello!.Key!)!;
        byte[] nonce = new byte[SecretBox.NonceLength];
        ForwardingNonce.OfResponse(command.Correlation, nonce);
        byte[] box = [.. new byte[SecretBox.TagLength], .. content];
        SecretBox.Seal(secret.Key, nonce, box);
        return new RresResponse(box);
    }

    private static Task AnswerTextAsync(FakeSession session, FakeCommand command, string text)
    {
        var transmission = new WireWriter(new byte[200]);
        TransmissionWriter.WriteHead(ref transmission, new TransmissionFormat(20, session.Id.Bytes), command.Correlation, EntityId.Empty);
        transmission.Write(System.Text.Encoding.ASCII.GetBytes(text));
        var content = new WireWriter(new byte[300]);
        content.WriteByte(1);
        content.WriteLarge(transmission.Written);
        return session.SendContentAsync(content.Written.ToArray());
    }

    private static async Task<SmpError?> ErrorAsync(Wire client, FakeSession session, Func<FakeCommand, Task> answer)
    {
        Task<SmpError?> forwarding = client.ForwardErrorAsync(session.Id);
        await answer(await session.ReceiveAsync());
        return await forwarding;
    }

    private async Task AssertRefusedAsync(FakeRouter relay, SmpError error)
    {
        await using (relay)
        {
            await using Wire client = await _proxy.ConnectWireAsync();
            Task<FakeSession> accepting = relay.AcceptAsync();
            Assert.Equal(error, await client.OpenErrorAsync(relay.Address));
            await accepting;
        }
    }
}
