using Npgsql;
using NpgsqlTypes;
using SimplexActors.Actors.Cluster.Membership;
using SimplexActors.Actors.Tests.Storage;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Actors.Tests.Cluster.Ownership;

/// <summary>Claims of shards whose rows somebody still holds.</summary>
public sealed class HolderTests(PostgresServer server) : OwnershipTestBase(server)
{
    private const string Holds = "SELECT 1 FROM shards WHERE shard_no = 5 FOR SHARE";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("simplex-router a")]
    [InlineData("simplex-router cluster a")]
    public async Task A_transaction_of_a_dead_node_that_does_nothing_is_ended(string session)
    {
        await Cluster.CrashAsync(await Cluster.JoinAsync("a"));
        await using NpgsqlConnection writer = await ConnectAsync(session);
        await using NpgsqlTransaction late = await HoldAsync(writer);

        OwnershipNode next = await Cluster.JoinAsync("b");
        await Cluster.SettledAsync();
        Assert.True(next.Host.IsOpen(5));
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => late.CommitAsync(Cancellation));
    }

    [Fact]
    public async Task A_batch_of_a_dead_node_that_arrived_in_part_is_ended()
    {
        await Cluster.CrashAsync(await Cluster.JoinAsync("a"));
        await using NpgsqlConnection writer = await ConnectAsync("simplex-router a");
        await using var rest = new EndlessBody();
        await using var batch = new NpgsqlBatch(writer)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand(Holds),
                new NpgsqlBatchCommand("SELECT length($1)") { Parameters = { new NpgsqlParameter { Value = rest, NpgsqlDbType = NpgsqlDbType.Bytea } } },
            },
        };
        Task<int> sending = batch.ExecuteNonQueryAsync(Cancellation);
        await PostgresWaits.UntilAsync(Database, "SELECT NOT EXISTS (SELECT 1 FROM shards WHERE shard_no = 5 FOR UPDATE SKIP LOCKED)");
        Assert.Equal("active", await Database.ScalarAsync<string>("SELECT state FROM pg_stat_activity WHERE application_name = 'simplex-router a'"));

        OwnershipNode next = await Cluster.JoinAsync("b");
        await Cluster.SettledAsync();
        Assert.True(next.Host.IsOpen(5));
        rest.End();
        await Assert.ThrowsAnyAsync<Exception>(() => sending);
    }

    [Fact]
    public async Task A_transaction_of_another_node_is_waited_for()
    {
        await Cluster.CrashAsync(await Cluster.JoinAsync("a"));
        await using NpgsqlConnection writer = await ConnectAsync("simplex-router b");
        await using NpgsqlTransaction late = await HoldAsync(writer);

        OwnershipNode next = await Cluster.JoinAsync("b");
        await Cluster.UntilAsync(() => next.Host.Open == OwnershipCluster.Shards - 1);
        await late.CommitAsync(Cancellation);
        await Cluster.SettledAsync();
    }

    [Fact]
    public async Task Of_a_node_that_started_again_only_what_it_began_before_is_ended()
    {
        string @long = new('n', 62);
        await AddAsync("a", "gone");
        await AddAsync(@long + "1", "gone");
        await Database.ExecuteAsync("INSERT INTO cluster (shard_count) VALUES (64)");
        await Database.ExecuteAsync("INSERT INTO shards (shard_no, owner) SELECT s, CASE WHEN s = 5 THEN 1 ELSE 2 END FROM generate_series(0, 63) s");
        await using NpgsqlConnection before = await ConnectAsync("simplex-router a");
        await using NpgsqlTransaction old = await HoldAsync(before);
        await AddAsync("a", "live");
        await AddAsync(@long + "2", "live");
        await using NpgsqlConnection after = await ConnectAsync("simplex-router a");
        await using NpgsqlTransaction @new = await HoldAsync(after);
        await using NpgsqlConnection twin = await ConnectAsync($"simplex-router {@long}2");
        await using NpgsqlTransaction twins = await HoldAsync(twin);

        await using NpgsqlDataSource source = NpgsqlDataSource.Create(Database.ConnectionString);
        await using var database = new ClusterDatabase(source, TimeSpan.FromSeconds(30), TimeProvider.System);
        Assert.Equal(1, await database.EndHoldersAsync([5, 6], Cancellation));
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => old.CommitAsync(Cancellation));
        await @new.CommitAsync(Cancellation);
        await twins.CommitAsync(Cancellation);
    }

    private Task AddAsync(string name, string state) => Database.ExecuteAsync(
        $"INSERT INTO nodes (name, link_host, link_port, release, state) VALUES ('{name}', 'h', 1, '1', '{state}')");

    private async Task<NpgsqlConnection> ConnectAsync(string session)
    {
        var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(Database.ConnectionString) { Pooling = false, ApplicationName = session }.ConnectionString);
        await connection.OpenAsync(Cancellation);
        return connection;
    }

    private static async Task<NpgsqlTransaction> HoldAsync(NpgsqlConnection writer)
    {
        NpgsqlTransaction transaction = await writer.BeginTransactionAsync(Cancellation);
        await using var hold = new NpgsqlCommand(Holds, writer, transaction);
        await hold.ExecuteScalarAsync(Cancellation);
        return transaction;
    }

    /// <summary>Gives the first part of what it promises, and the rest never.</summary>
    private sealed class EndlessBody : Stream
    {
        private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private long _given;

        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => false;

        public override long Length => 1 << 20;

        public override long Position
        {
            get => _given;
            set => throw new NotSupportedException();
        }

        public void End() => _end.TrySetException(new IOException("The sender is gone."));

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_given > Length / 4)
            {
                await _end.Task.WaitAsync(cancellationToken);
            }

            int length = Math.Min(buffer.Length, 4096);
            buffer.Span[..length].Clear();
            _given += length;
            return length;
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
