using System.Net;
using SimplexActors.Acceptance.Support;
using SimplexActors.Actors.Statistics;
using SimplexActors.Client.Tests.Fakes;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Acceptance.Proxy;

/// <summary>What a real router counts as a proxy; every counter is compared.</summary>
public sealed class ProxyCounterTests : IDisposable
{
    private const string Password = "correct-horse";

    private readonly CountedRouter _counted = new();
    private readonly TemporaryFolder _relayFolder = new();

    public void Dispose()
    {
        _counted.Dispose();
        _relayFolder.Dispose();
    }

    [Fact]
    [Spec("S-341", "S-356")]
    public async Task Sessions_and_forwarded_commands_are_counted_by_their_outcome_and_once_more_for_own_relays()
    {
        await using TestRouter relay = await TestRouter.StartAsync(_relayFolder.Path);
        IReadOnlyDictionary<string, long> counted = await _counted.RunAsync(
            async proxy =>
            {
                await using Wire client = await proxy.ConnectWireAsync();
                Assert.Equal(SmpError.ProxyBasicAuth, await client.OpenErrorAsync(relay.Address));
                Assert.Equal(SmpError.ProxyNoSession, await client.ForwardErrorAsync(EntityId.Random()));

                // The operator's own relay: reached twice, and it refuses what is forwarded.
                Assert.IsType<PkeyResponse>(await client.OpenAsync(relay.Address, Password));
                var key = Assert.IsType<PkeyResponse>(await client.OpenAsync(relay.Address, Password));
                Assert.Equal(new ProxyProtocolError(SmpError.Crypto), await client.ForwardErrorAsync(key.SessionId));

                // Others: not there, too old, and one that says something wrong.
                Assert.Equal(ProxyClient.Network, await client.OpenErrorAsync(ProxyClient.Nowhere(new IPEndPoint(IPAddress.Loopback, 1)), Password));
                await using var old = new FakeRouter(new VersionRange(6, 7));
                Task<FakeSession> accepting = old.AcceptAsync();
                SmpError version = ProxyClient.Transport(TransportError.Version);
                Assert.Equal(version, await client.OpenErrorAsync(old.Address, Password));
                Assert.Equal(version, await client.ForwardErrorAsync((await accepting).Id));
                await using var wrong = new FakeRouter { Tamper = hello => hello with { SessionId = new byte[32] } };
                Task<FakeSession> accepted = wrong.AcceptAsync();
                Assert.Equal(ProxyClient.Transport(TransportError.Session), await client.OpenErrorAsync(wrong.Address, Password));
                await accepted;
            },
            ProxyFixture.AllowLoopback,
            "queues.create_password=" + Password,
            "proxy.own_server_domains=localhost");
        CounterTests.AssertCounted(
            counted,
            (Counter.PRelaysRequests, 5), (Counter.PRelaysSuccesses, 2), (Counter.PRelaysErrorsConnect, 1), (Counter.PRelaysErrorsCompat, 1),
            (Counter.PRelaysErrorsOther, 1), (Counter.PRelaysOwnRequests, 2), (Counter.PRelaysOwnSuccesses, 2),
            (Counter.PMsgFwdsRequests, 3), (Counter.PMsgFwdsSuccesses, 1), (Counter.PMsgFwdsErrorsConnect, 1), (Counter.PMsgFwdsErrorsCompat, 1),
            (Counter.PMsgFwdsOwnRequests, 1), (Counter.PMsgFwdsOwnSuccesses, 1));
    }
}
