using System.Net.Sockets;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Crypto.Certificates;
using SimplexActors.Protocol.Transport.Tls;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Protocol.Tests.Tls;

public sealed class TlsStreamTests
{
    private const int BlockBytes = 16384;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(KeyAlgorithm.Ed25519, false, 32)]
    [InlineData(KeyAlgorithm.Ed448, false, 32)]
    [InlineData(KeyAlgorithm.Ed25519, true, 12)]
    [InlineData(KeyAlgorithm.Ed448, true, 12)]
    [Spec("S-042", "S-043", "S-051", "S-059", "S-067", "S-506", "S-507")]
    public async Task Both_sides_know_the_same_session(KeyAlgorithm algorithm, bool onlyTls12, int idBytes)
    {
        using var credentials = new TestCredentials(algorithm);
        await using TlsPair pair = await ConnectAsync(credentials, new TlsClientOptions { OnlyTls12 = onlyTls12 });

        Assert.Equal(idBytes, pair.Client.SessionId.Length);
        Assert.Equal(pair.Client.SessionId, pair.Server.SessionId);
        Assert.Equal("smp/1", pair.Client.ApplicationProtocol);
        Assert.Equal("smp/1", pair.Server.ApplicationProtocol);
        Assert.Equal(!onlyTls12, pair.Server.IsTls13);
        Assert.False(pair.Server.ServerNameUsed);
        Assert.Equal(credentials.Router.Credential.Chain, pair.Client.PeerChain);
        Assert.Empty(pair.Server.PeerChain);
        await ExchangeAsync(pair);
    }

    [Fact]
    [Spec("S-048", "S-506")]
    public async Task Every_session_has_an_id_of_its_own()
    {
        using var credentials = new TestCredentials();
        await using TlsPair first = await ConnectAsync(credentials, new TlsClientOptions());
        await using TlsPair second = await ConnectAsync(credentials, new TlsClientOptions());
        Assert.NotEqual(first.Server.SessionId, second.Server.SessionId);
    }

    [Fact]
    [Spec("S-067")]
    public async Task Another_identity_is_refused()
    {
        using var credentials = new TestCredentials();
        using TlsContext server = TlsContext.ForServer(new TlsServerOptions { Credential = credentials.Router.Credential });
        using TlsContext client = TlsContext.ForClient(new TlsClientOptions());
        TlsException refused = await Assert.ThrowsAsync<TlsException>(() => TlsPair.ConnectAsync(client, server, new byte[32], Cancellation));
        Assert.Equal(ChainVerdict.UnknownAuthority, refused.Failure.Chain);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Random_blocks_pass_both_ways_at_once(bool onlyTls12)
    {
        using var credentials = new TestCredentials();
        await using TlsPair pair = await ConnectAsync(credentials, new TlsClientOptions { OnlyTls12 = onlyTls12 });
        const int blocks = 2000;
        await Task.WhenAll(
            SendAsync(pair.Client, blocks, seed: 1),
            SendAsync(pair.Server, blocks, seed: 2),
            ReceiveAsync(pair.Server, blocks, seed: 1),
            ReceiveAsync(pair.Client, blocks, seed: 2));
    }

    [Fact]
    public async Task A_read_into_a_small_buffer_leaves_the_rest()
    {
        using var credentials = new TestCredentials();
        await using TlsPair pair = await ConnectAsync(credentials, new TlsClientOptions());
        await pair.Client.WriteAsync("0123456789"u8.ToArray(), Cancellation);
        byte[] buffer = new byte[4];
        Assert.Equal(4, await pair.Server.ReadAsync(buffer, Cancellation));
        Assert.Equal(0, await pair.Server.ReadAsync(Memory<byte>.Empty, Cancellation));
        Assert.Equal(4, await pair.Server.ReadAsync(buffer, Cancellation));
        Assert.Equal(2, await pair.Server.ReadAsync(buffer, Cancellation));
        Assert.Equal("89"u8, buffer.AsSpan(0, 2));
    }

    [Fact]
    public async Task An_empty_read_waits_for_data_and_takes_none()
    {
        using var credentials = new TestCredentials();
        await using TlsPair pair = await ConnectAsync(credentials, new TlsClientOptions());
        ValueTask<int> waiting = pair.Server.ReadAsync(Memory<byte>.Empty, Cancellation);
        Assert.False(waiting.IsCompleted);
        await pair.Client.WriteAsync("x"u8.ToArray(), Cancellation);
        Assert.Equal(0, await waiting);
        byte[] buffer = new byte[4];
        Assert.Equal(1, await pair.Server.ReadAsync(buffer, Cancellation));
    }

    [Fact]
    [Spec("S-060")]
    public async Task Closing_says_so_to_the_peer()
    {
        using var credentials = new TestCredentials();
        await using TlsPair pair = await ConnectAsync(credentials, new TlsClientOptions());
        await pair.Server.DisposeAsync();
        Assert.Equal(0, await pair.Client.ReadAsync(new byte[4], Cancellation));
        Assert.Equal(0, await pair.Client.ReadAsync(new byte[4], Cancellation));
    }

    [Fact]
    public async Task An_end_without_close_notify_is_an_error()
    {
        using var credentials = new TestCredentials();
        await using TlsPair pair = await ConnectAsync(credentials, new TlsClientOptions());
        pair.ServerSocket.Shutdown(SocketShutdown.Send);
        await Assert.ThrowsAsync<TlsTruncatedException>(async () => await pair.Client.ReadExactlyAsync(new byte[4], Cancellation));
    }

    [Fact]
    public async Task Bytes_that_are_no_records_end_the_session()
    {
        using var credentials = new TestCredentials();
        await using TlsPair pair = await ConnectAsync(credentials, new TlsClientOptions());
        await pair.ServerSocket.SendAsync(new byte[64], Cancellation);
        await Assert.ThrowsAsync<TlsException>(async () => await pair.Client.ReadExactlyAsync(new byte[4], Cancellation));
    }

    [Fact]
    public async Task Closing_wakes_a_reader()
    {
        using var credentials = new TestCredentials();
        await using TlsPair pair = await ConnectAsync(credentials, new TlsClientOptions());
        ValueTask<int> waiting = pair.Server.ReadAsync(new byte[4], Cancellation);
        await pair.Server.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await waiting);
    }

    [Fact]
    public async Task A_cancelled_read_can_be_repeated()
    {
        using var credentials = new TestCredentials();
        await using TlsPair pair = await ConnectAsync(credentials, new TlsClientOptions());
        using var cancelling = new CancellationTokenSource();
        ValueTask<int> waiting = pair.Server.ReadAsync(new byte[4], cancelling.Token);
        await cancelling.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await waiting);
        await ExchangeAsync(pair);
    }

    internal static async Task ExchangeAsync(TlsPair pair)
    {
        await pair.Client.WriteAsync("hello"u8.ToArray(), Cancellation);
        byte[] buffer = new byte[16];
        Assert.Equal(5, await pair.Server.ReadAsync(buffer, Cancellation));
        Assert.Equal("hello"u8, buffer.AsSpan(0, 5));
        await pair.Server.WriteAsync("you"u8.ToArray(), Cancellation);
        Assert.Equal(3, await pair.Client.ReadAsync(buffer, Cancellation));
        Assert.Equal("you"u8, buffer.AsSpan(0, 3));
    }

    private static async Task<TlsPair> ConnectAsync(TestCredentials credentials, TlsClientOptions options)
    {
        using TlsContext server = TlsContext.ForServer(new TlsServerOptions { Credential = credentials.Router.Credential });
        using TlsContext client = TlsContext.ForClient(options);
        return await TlsPair.ConnectAsync(client, server, credentials.Router.Identity, Cancellation);
    }

    private static async Task SendAsync(TlsStream stream, int blocks, int seed)
    {
        var random = new Random(seed);
        byte[] block = new byte[BlockBytes];
        for (int i = 0; i < blocks; i++)
        {
            random.NextBytes(block);
            await stream.WriteAsync(block, Cancellation);
        }
    }

    private static async Task ReceiveAsync(TlsStream stream, int blocks, int seed)
    {
        var random = new Random(seed);
        byte[] expected = new byte[BlockBytes];
        byte[] block = new byte[BlockBytes];
        for (int i = 0; i < blocks; i++)
        {
            random.NextBytes(expected);
            _ = await stream.ReadAsync(Memory<byte>.Empty, Cancellation);
            await stream.ReadExactlyAsync(block, Cancellation);
            Assert.True(block.AsSpan().SequenceEqual(expected), $"block {i} differs");
        }
    }
}
