using Npgsql;
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
        await using var relay = new CutRelay(new NpgsqlConnectionStringBuilder(Database.ConnectionString).Port);
        await using NpgsqlConnection writer = await ConnectAsync("simplex-router a", relay.Port);
        await using var batch = new NpgsqlBatch(writer)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand(Holds),
                new NpgsqlBatchCommand("SELECT length($1)") { Parameters = { new NpgsqlParameter { Value = new byte[1 << 20] } } },
            },
        };
        relay.PassOnly(1 << 16);
        Task<int> sending = batch.ExecuteNonQueryAsync(Cancellation);
        await PostgresWaits.UntilAsync(Database, "SELECT NOT EXISTS (SELECT 1 FROM shards WHERE shard_no = 5 FOR UPDATE SKIP LOCKED)");
        Assert.Equal("active", await Database.ScalarAsync<string>("SELECT state FROM pg_stat_activity WHERE application_name = 'simplex-router a'"));

        OwnershipNode next = await Cluster.JoinAsync("b");
        await Cluster.SettledAsync();
        Assert.True(next.Host.IsOpen(5));
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => sending);
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

    private async Task<NpgsqlConnection> ConnectAsync(string session, int? port = null)
    {
        var settings = new NpgsqlConnectionStringBuilder(Database.ConnectionString) { Pooling = false, ApplicationName = session };
        settings.Port = port ?? settings.Port;
        var connection = new NpgsqlConnection(settings.ConnectionString);
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
}
