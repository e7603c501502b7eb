using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Transport.Tls;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Protocol.Tests.Tls;

public sealed class TlsStreamTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(KeyAlgorithm.Ed25519)]
    [InlineData(KeyAlgorithm.Ed448)]
    [Spec("S-042", "S-043", "S-051", "S-059", "S-067", "S-506", "S-507")]
    public async Task Client_and_server_agree_on_the_session_and_exchange_data(KeyAlgorithm algorithm)
    {
        using var credentials = new TestCredentials(algorithm);
        using TlsContext server = TlsContext.ForServer(new TlsServerOptions { Credential = credentials.Router.Credential });
        using TlsContext client = TlsContext.ForClient(new TlsClientOptions());
        await using TlsPair pair = await TlsPair.ConnectAsync(client, server, credentials.Router.Identity, Cancellation);

        Assert.Equal(32, pair.Client.SessionId.Length);
        Assert.Equal(pair.Client.SessionId, pair.Server.SessionId);
        Assert.Equal("smp/1", pair.Client.ApplicationProtocol);
        Assert.Equal("smp/1", pair.Server.ApplicationProtocol);
        Assert.True(pair.Server.IsTls13);
        Assert.False(pair.Server.ServerNameUsed);
        Assert.Equal(credentials.Router.Credential.Chain, pair.Client.PeerChain);
        Assert.Empty(pair.Server.PeerChain);

        await pair.Client.WriteAsync("hello"u8.ToArray(), Cancellation);
        byte[] buffer = new byte[16];
        Assert.Equal(5, await pair.Server.ReadAsync(buffer, Cancellation));
        Assert.Equal("hello"u8, buffer.AsSpan(0, 5));
    }

    [Fact]
    [Spec("S-067")]
    public async Task Another_identity_is_refused()
    {
        using var credentials = new TestCredentials();
        using TlsContext server = TlsContext.ForServer(new TlsServerOptions { Credential = credentials.Router.Credential });
        using TlsContext client = TlsContext.ForClient(new TlsClientOptions());
        TlsException refused = await Assert.ThrowsAsync<TlsException>(() => TlsPair.ConnectAsync(client, server, new byte[32], Cancellation));
        Assert.Equal(TlsFailureKind.Certificate, refused.Failure.Kind);
    }
}
