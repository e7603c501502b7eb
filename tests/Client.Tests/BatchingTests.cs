using SimplexActors.Client.Connection;
using SimplexActors.Client.Tests.Fakes;
using SimplexActors.Protocol.Addresses;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Protocol.Transport;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Client.Tests;

/// <summary>How commands share blocks.</summary>
public class BatchingTests
{
    private static readonly byte[] SessionBytes = new byte[32];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(KeyAlgorithm.Ed25519, 135)]
    [InlineData(KeyAlgorithm.X25519, 119)]
    [InlineData(KeyAlgorithm.Ed448, 95)]
    [Spec("S-121", "S-123")]
    public async Task Commands_that_wait_share_blocks_up_to_the_limit(KeyAlgorithm algorithm, int perBlock)
    {
        using var key = PrivateKey.Generate(algorithm);
        await using var bench = new Bench();
        bench.Ping();
        await bench.NextBlocksAsync();
        for (int i = 0; i < perBlock + 10; i++)
        {
            bench.Subscribe(EntityId.Random(), key);
        }

        bench.Release();
        Assert.Equal((int[])[perBlock, 10], await bench.NextBlocksAsync());
    }

    [Fact]
    [Spec("S-328")]
    public async Task Commands_about_the_same_entity_do_not_share_a_block()
    {
        using var key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        EntityId twice = EntityId.Random();
        await using var bench = new Bench();
        bench.Ping();
        await bench.NextBlocksAsync();
        bench.Subscribe(EntityId.Random(), key);
        bench.Subscribe(twice, key);
        bench.Subscribe(twice, key);
        bench.Subscribe(EntityId.Random(), key);
        bench.Release();
        Assert.Equal((int[])[2, 2], await bench.NextBlocksAsync());
    }

    [Fact]
    [Spec("S-124")]
    public async Task A_large_message_leaves_at_once_and_takes_only_small_commands_along()
    {
        await using var bench = new Bench();
        bench.Send(16_000);
        Assert.Equal((int[])[1], await bench.NextBlocksAsync());
        bench.Ping();
        bench.Send(16_000);
        bench.Send(16_000);
        bench.Ping();
        bench.Release();
        Assert.Equal((int[])[2, 2], await bench.NextBlocksAsync());
    }

    [Fact]
    public async Task A_caller_waits_when_too_many_commands_wait_and_can_be_cancelled()
    {
        await using var bench = new Bench();
        bench.Ping();
        await bench.NextBlocksAsync();
        for (int i = 0; i < ClientLimits.WaitingCommands; i++)
        {
            bench.Ping();
        }

        using var cancel = new CancellationTokenSource();
        Task<SmpResponse> one = bench.Client.PingAsync(cancel.Token).AsTask();
        Task<SmpResponse> other = bench.Client.PingAsync(Cancellation).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one);
        int sent = 0;
        while (sent < ClientLimits.WaitingCommands + 1)
        {
            bench.Release();
            sent += (await bench.NextBlocksAsync()).Sum();
        }

        Assert.False(other.IsCompleted);
    }

    /// <summary>A client whose writes the test lets through one by one.</summary>
    private sealed class Bench : IAsyncDisposable
    {
        private readonly GatedStream _stream = new();
        private readonly PrivateKey _routerKey = PrivateKey.Generate(KeyAlgorithm.X25519);
        private readonly List<SmpCall<SmpResponse>> _calls = [];
        private readonly TransmissionFormat _format = new(20, SessionBytes);

        public Bench()
        {
            var session = new Session(_format, new VersionRange(6, 20), _routerKey.Public, new BlockEncoder(), new BlockDecoder());
            Assert.True(RouterAddress.TryParse($"smp://{new string('A', 43)}=@localhost", out RouterAddress? address, out _));
            Client = new SmpClient(new SmpConnection(_stream, session), address, new SmpClientOptions());
        }

        public SmpClient Client { get; }

        public void Ping() => _calls.Add(Client.PingAsync(Cancellation));

        public void Send(int bytes) => _calls.Add(Client.SendAsync(new SenderQueue(EntityId.Random()), new byte[bytes], cancellation: Cancellation));

        public void Subscribe(EntityId entity, PrivateKey key) =>
            _calls.Add(Client.ExecuteAsync(Protocol.Smp.Commands.SubCommand.Instance, entity, key, Cancellation));

        public void Release() => _stream.Release();

        /// <summary>Commands in each block of the next write.</summary>
        public async Task<int[]> NextBlocksAsync()
        {
            byte[] written = await _stream.NextAsync(Cancellation);
            return [.. written.Chunk(Block.Length).Select(Count)];
        }

        public async ValueTask DisposeAsync()
        {
            await Client.DisposeAsync();
            foreach (SmpCall<SmpResponse> call in _calls)
            {
                Assert.Equal(new ConnectionLost(ConnectionEnd.Closed), (await call.AsResult()).Failure);
            }

            _routerKey.Dispose();
        }

        private int Count(byte[] block)
        {
            Assert.True(new BlockDecoder().TryDecode(block, out ReadOnlyMemory<byte> content));
            Assert.True(TransmissionReader.TryOpen(_format, content, out TransmissionReader reader));
            return reader.Count;
        }
    }
}
