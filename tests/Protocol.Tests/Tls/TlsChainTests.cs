using System.Security.Cryptography;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Crypto.Certificates;
using SimplexActors.Protocol.Transport.Tls;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Protocol.Tests.Tls;

/// <summary>Chains of every length, on both sides and in both versions.</summary>
public sealed class TlsChainTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(2, KeyAlgorithm.Ed25519, false)]
    [InlineData(3, KeyAlgorithm.Ed448, false)]
    [InlineData(4, KeyAlgorithm.Ed25519, false)]
    [InlineData(3, KeyAlgorithm.Ed25519, true)]
    [InlineData(4, KeyAlgorithm.Ed448, true)]
    [Spec("S-062", "S-067")]
    public async Task Clients_accept_routers_with_two_to_four_certificates(int length, KeyAlgorithm algorithm, bool onlyTls12)
    {
        using TlsCredential credential = await TestChain.CreateAsync(length, algorithm, days: 30, Cancellation);
        await using TlsPair pair = await ConnectAsync(credential, new TlsClientOptions { OnlyTls12 = onlyTls12 });
        Assert.Equal(credential.Chain, pair.Client.PeerChain);
        await TlsStreamTests.ExchangeAsync(pair);
    }

    [Theory]
    [InlineData(5, ChainVerdict.WrongLength)]
    [InlineData(1, ChainVerdict.WrongLength)]
    [Spec("S-062", "S-067")]
    public async Task Clients_refuse_other_lengths(int length, ChainVerdict verdict)
    {
        using TlsCredential credential = await TestChain.CreateAsync(length, KeyAlgorithm.Ed25519, days: 30, Cancellation);
        TlsException refused = await Assert.ThrowsAsync<TlsException>(() => ConnectAsync(credential, new TlsClientOptions()));
        Assert.Equal(verdict, refused.Failure.Chain);
    }

    [Theory]
    [InlineData(1, KeyAlgorithm.Ed25519, false)]
    [InlineData(2, KeyAlgorithm.Ed448, false)]
    [InlineData(3, KeyAlgorithm.Ed25519, false)]
    [InlineData(4, KeyAlgorithm.Ed448, true)]
    [Spec("S-056", "S-057")]
    public async Task Routers_accept_clients_with_one_to_four_certificates(int length, KeyAlgorithm algorithm, bool onlyTls12)
    {
        using var router = new TestCredentials();
        using TlsCredential own = await TestChain.CreateAsync(length, algorithm, days: 30, Cancellation);
        await using TlsPair pair = await ConnectAsync(router.Router.Credential, new TlsClientOptions { Credential = own, OnlyTls12 = onlyTls12 });
        Assert.Equal(own.Chain, pair.Server.PeerChain);
        Assert.Equal(pair.Client.SessionId, pair.Server.SessionId);
        await TlsStreamTests.ExchangeAsync(pair);
    }

    [Theory]
    [InlineData(5, 30, ChainVerdict.WrongLength)]
    [InlineData(2, 0, ChainVerdict.Expired)]
    [Spec("S-057", "S-058")]
    public async Task Routers_refuse_clients_with_bad_chains(int length, int days, ChainVerdict verdict)
    {
        using var router = new TestCredentials();
        using TlsCredential own = await TestChain.CreateAsync(length, KeyAlgorithm.Ed25519, days, Cancellation);

        // In TLS 1.2 the client waits for the router's verdict.
        TlsException refused = await Assert.ThrowsAsync<TlsException>(
            () => ConnectAsync(router.Router.Credential, new TlsClientOptions { Credential = own, OnlyTls12 = true }));
        Assert.Contains("alert", refused.Failure.Reason, StringComparison.Ordinal);
        Assert.Equal(verdict, new CertificateChain(own.Chain).ValidateClient(TimeProvider.System.GetUtcNow()));
    }

    private static async Task<TlsPair> ConnectAsync(TlsCredential router, TlsClientOptions options)
    {
        using TlsContext server = TlsContext.ForServer(new TlsServerOptions { Credential = router });
        using TlsContext client = TlsContext.ForClient(options);
        return await TlsPair.ConnectAsync(client, server, SHA256.HashData(router.Chain[Math.Min(1, router.Chain.Count - 1)]), Cancellation);
    }
}
