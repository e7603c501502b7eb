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

namespace SimplexActors.Client.Tests;

/// <summary>What a client believes of its proxy; the test plays the proxy, and the relay behind it.</summary>
public class RelaySessionTests
{
    private static readonly EntityId Session = EntityId.Random();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    [Spec("S-343")]
    public async Task Refuses_a_key_that_is_not_the_relays()
    {
        await using var relay = new FakeRouter();
        await using var other = new FakeRouter();
        Assert.Equal(new ConnectFailed(ConnectProblem.WrongRouter), await OpenAsync(relay, Key(other, 8, 20)));
        Assert.Equal(new ConnectFailed(ConnectProblem.WrongRouter), await OpenAsync(relay, Key(relay, 8, 20) with { CertificateChain = relay.Chain[..1] }));
        Assert.Equal(
            new ConnectFailed(ConnectProblem.WrongRouter),
            await OpenAsync(relay, Key(relay, 8, 20) with { CertificateChain = [relay.Chain[0], .. Enumerable.Repeat(relay.Chain[1], 4)] }));
        Assert.Equal(
            new ConnectFailed(ConnectProblem.WrongRouter),
            await OpenAsync(relay, Key(relay, 8, 20) with { CertificateChain = [other.Chain[0], relay.Chain[1]] }));
        Assert.Equal(new ConnectFailed(ConnectProblem.BadKey), await OpenAsync(relay, Key(relay, 8, 20) with { SignedKey = Key(other, 8, 20).SignedKey }));
        Assert.Equal(new ConnectFailed(ConnectProblem.BadKey), await OpenAsync(relay, Key(relay, 8, 20) with { SignedKey = new byte[10] }));
        Assert.Null(await OpenAsync(relay, Key(relay, 8, 20)));
    }

    [Theory]
    [InlineData(8, 20, 20)]
    [InlineData(8, 9, 9)]
    [InlineData(19, 99, 20)]
    [InlineData(21, 99, null)]
    [InlineData(6, 7, null)]
    [Spec("S-072", "S-343")]
    public async Task Agrees_on_a_version_with_the_relay(int min, int max, int? agreed)
    {
        await using var relay = new FakeRouter();
        await using var proxy = new FakeRouter();
        (SmpClient client, FakeSession session) = await proxy.ConnectAsync();
        await using SmpClient closed = client;
        ValueTask<SmpResult<RelaySession>> opening = client.OpenRelayAsync(relay.Address, cancellation: Cancellation).AsResult();
        await (await session.ReceiveAsync()).AnswerAsync(Key(relay, (ushort)min, (ushort)max));
        SmpResult<RelaySession> opened = await opening;
        Assert.Equal(agreed, opened.Succeeded ? opened.Value.Version : null);
        Assert.Equal(agreed is null ? new ConnectFailed(ConnectProblem.Version) : null, opened.Failure);
    }

    [Fact]
    [Spec("S-166", "S-337")]
    public async Task Asks_with_the_password_of_its_proxy_unless_told_otherwise()
    {
        await using var relay = new FakeRouter();
        await using var proxy = new FakeRouter();
        (SmpClient client, FakeSession session) = await proxy.ConnectAsync();
        await using SmpClient closed = client;
        foreach ((string? told, string sent) in ((string?, string)[])[(null, "secret"), ("other", "other")])
        {
            ValueTask<SmpResult<RelaySession>> opening = client.OpenRelayAsync(relay.Address, told, Cancellation).AsResult();
            FakeCommand asked = await session.ReceiveAsync();
            var prxy = Assert.IsType<PrxyCommand>(asked.Command);
            Assert.Equal((relay.Address.Port, relay.Address.Fingerprint, sent), (prxy.Port, prxy.KeyHash, prxy.BasicAuth));
            Assert.Equal(relay.Address.Hosts, prxy.Hosts);
            await asked.AnswerAsync(new ErrResponse(SmpError.ProxyBasicAuth));
            Assert.Equal(new ProxyRefusal(SmpError.ProxyBasicAuth), (await opening).Failure);
        }
    }

    [Fact]
    [Spec("S-166")]
    public async Task An_old_router_is_no_proxy()
    {
        await using var relay = new FakeRouter();
        await using var proxy = new FakeRouter(new VersionRange(6, 7));
        (SmpClient client, _) = await proxy.ConnectAsync();
        await using SmpClient closed = client;
        SmpResult<RelaySession> opened = await client.OpenRelayAsync(relay.Address, cancellation: Cancellation).AsResult();
        Assert.Equal(new VersionTooLow(SmpCommandTag.PRXY, 8), opened.Failure);
    }

    [Fact]
    [Spec("S-345", "S-350", "S-353", "S-441")]
    public async Task Tells_the_relays_answers_from_the_proxys()
    {
        await using var relay = new FakeRouter();
        await using var proxy = new FakeRouter();
        (SmpClient client, FakeSession session) = await proxy.ConnectAsync();
        await using SmpClient closed = client;
        ValueTask<SmpResult<RelaySession>> opening = client.OpenRelayAsync(relay.Address, cancellation: Cancellation).AsResult();
        await (await session.ReceiveAsync()).AnswerAsync(Key(relay, 8, 20));
        using RelaySession through = (await opening).Value;
        Assert.Null(await FailureAsync(through, session, command => Pres(relay, command, OkResponse.Instance)));
        Assert.Equal(new RouterRefusal(SmpError.Quota), await FailureAsync(through, session, command => Pres(relay, command, new ErrResponse(SmpError.Quota))));
        Assert.Equal(
            new WrongAnswer(SmpCommandTag.SEND) { Start = "PONG" },
            await FailureAsync(through, session, command => Pres(relay, command, PongResponse.Instance)));
        Assert.Equal(new Undecipherable(SmpCommandTag.SEND), await FailureAsync(through, session, _ => new PresResponse(new byte[16242])));
        Assert.Equal(new WrongAnswer(SmpCommandTag.PFWD) { Start = "PONG" }, await FailureAsync(through, session, _ => PongResponse.Instance));
        SmpError quota = new ProxyProtocolError(SmpError.Quota);
        Assert.Equal(new ProxyRefusal(quota), await FailureAsync(through, session, _ => new ErrResponse(quota)));
        Assert.Equal(new ProxyRefusal(SmpError.ProxyNoSession), await FailureAsync(through, session, _ => new ErrResponse(SmpError.ProxyNoSession)));
    }

    private static PkeyResponse Key(FakeRouter relay, ushort min, ushort max) => new(
        Session, min, max, relay.Chain, SignedKey.Sign(relay.ServerKey.Public, relay.SigningKey).Der.ToArray());

    private static async Task<SmpFailure?> OpenAsync(FakeRouter relay, PkeyResponse key)
    {
        await using var proxy = new FakeRouter();
        (SmpClient client, FakeSession session) = await proxy.ConnectAsync();
        await using SmpClient closed = client;
        ValueTask<SmpResult<RelaySession>> opening = client.OpenRelayAsync(relay.Address, cancellation: Cancellation).AsResult();
        await (await session.ReceiveAsync()).AnswerAsync(key);
        return (await opening).Failure;
    }

    private static async Task<SmpFailure?> FailureAsync(RelaySession through, FakeSession session, Func<FakeCommand, SmpResponse> answer)
    {
        using var queue = new SenderQueue(EntityId.Random());
        ValueTask<SmpResult<SmpResponse>> sending = through.SendAsync(queue, "hello"u8.ToArray(), cancellation: Cancellation).AsResult();
        FakeCommand command = await session.ReceiveAsync();
        Assert.Equal(Session, command.Entity);
        await command.AnswerAsync(answer(command));
        return (await sending).Failure;
    }

    /// <summary>The relay's answer, after the relay has read the command.</summary>
    private static PresResponse Pres(FakeRouter relay, FakeCommand command, SmpResponse response)
    {
        var pfwd = (PfwdCommand)command.Command;
        Assert.True(BoxKey.TryAgree(relay.ServerKey, pfwd.CommandKey, out BoxKey secret));
        byte[] nonce = new byte[SecretBox.NonceLength];
        ForwardingNonce.OfCommand(command.Correlation, nonce);
        Assert.True(ClientLayer.TryOpen(secret, nonce, pfwd.Encrypted.ToArray(), out Memory<byte> batch));
        var format = new TransmissionFormat(pfwd.Version, Session.Bytes);
        Assert.True(TransmissionReader.TryOpen(format, batch, out TransmissionReader reader));
        Assert.True(reader.TryRead(out Transmission sent));
        Assert.Equal(command.Correlation, sent.CorrelationId);

        byte[] box = new byte[ForwardingSizes.Encrypted];
        var content = new BlockWriter(ClientLayer.BatchOf(box));
        WireWriter writer = content.Open();
        TransmissionWriter.WriteHead(ref writer, format, sent.CorrelationId, sent.EntityId);
        SmpResponseWriter.Write(ref writer, response, pfwd.Version);
        Assert.True(content.TryClose(writer));
        ForwardingNonce.OfResponse(command.Correlation, nonce);
        ClientLayer.Seal(secret, nonce, box, content.ContentLength);
        return new PresResponse(box);
    }
}
