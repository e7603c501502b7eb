using System.Text;
using Npgsql;
using SimplexActors.Actors.Storage.Postgres;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Actors.Tests.Storage;

/// <summary>
/// Every hot statement finds its rows through the index that is meant for it: by the planner's own choice when there are many
/// rows and it knows them, and with the settings of the store also while the tables are empty.
/// </summary>
public sealed class PostgresPlanTests(PostgresServer server) : IAsyncLifetime
{
    private const string Fill = """
        INSERT INTO queues SELECT r, sha256(r), 'k', 'd', NULL, 'M', sha256(r || 'l'), NULL,
            CASE WHEN n % 2 = 0 THEN sha256(r || 'n') END, NULL, NULL, CASE WHEN n % 200 = 0 THEN '\x02'::bytea END, 'active', n % 100,
            CASE WHEN n % 100 = 1 THEN '\x01'::bytea END, 1
            FROM (SELECT n, sha256(n::text::bytea) AS r FROM generate_series(1, 8000) n) AS ids;
        INSERT INTO links SELECT link_id, recipient_id, 'f', 'u' FROM queues WHERE link_id IS NOT NULL;
        INSERT INTO messages (recipient_id, sequence, message_id, timestamp, notify, is_quota_marker, checksum, body)
            SELECT recipient_id, s, sender_id, 1000000 + s, true, false, 0, sender_id FROM queues, generate_series(1, 3) s;
        INSERT INTO notifications (notifier_id, message_id, timestamp, nonce, encrypted_meta)
            SELECT notifier_id, sender_id, 1000000 + s, 'n', 'm' FROM queues, generate_series(1, 3) s WHERE notifier_id IS NOT NULL;
        INSERT INTO services SELECT sha256(n::text::bytea), 'M', 'c', sha256(('f' || n)::bytea), 1, 1, 1, decode(repeat('00', 16), 'hex') FROM generate_series(1, 3000) n;
        ANALYZE;
        """;

    private readonly PostgresTestStore _postgres = new(server);
    private PostgresDatabase? _database;

    public async ValueTask InitializeAsync()
    {
        _database = await _postgres.DatabaseAsync();
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(_database.ConnectionString);
        await PostgresMigrations.ApplyAsync(source, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance, TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => _postgres.RemoveAsync();

    public static TheoryData<string, string, string[]> Statements => new()
    {
        { PostgresQueueReader.Queues, "bytea[]", ["queues_pkey"] },
        { PostgresQueueReader.Headers, "bytea[]", ["messages_pkey"] },
        { PostgresQueueReader.Message, "bytea, bigint", ["messages_pkey"] },
        { PostgresQueueReader.BySender, "bytea", ["queues_sender_id"] },
        { PostgresQueueReader.ByNotifier, "bytea", ["queues_notifier_id"] },
        { PostgresQueueReader.ByLink, "bytea", ["links_pkey"] },
        { PostgresQueueReader.Notifications, "bytea", ["notifications_pkey"] },
        { PostgresQueueReader.Expired, "bigint, bigint, bigint, bigint", ["messages_timestamp"] },
        { PostgresQueueReader.LastUsed, "bytea, bigint", ["queues_pkey"] },
        { PostgresServiceStore.Queues, "bytea, bytea, bigint", ["queues_service_id", "messages_pkey"] },
        { PostgresServiceStore.Notifiers, "bytea, bytea, bigint", ["queues_notifier_service_id", "notifications_pkey"] },
        { QueueStatements.DeleteMessages, "bytea[], bigint[], text", ["messages_pkey", "message_bytes_pkey"] },
        { QueueStatements.ClearNotifications, "bytea[]", ["notifications_pkey"] },
        { QueueStatements.TrimNotifications, "bytea[], integer[]", ["notifications_pkey"] },
        { QueueStatements.DeleteLinks, "bytea[], bytea[], boolean[]", ["queues_pkey", "links_pkey"] },
        { QueueStatements.CountQueues, "bytea[], bigint[], bytea[]", ["services_pkey"] },
        { UpkeepStatements.ExpireNotifications, "bigint, bigint", ["notifications_timestamp", "notifications_pkey"] },
    };

    [Theory]
    [MemberData(nameof(Statements))]
    public async Task A_hot_statement_uses_its_index(string sql, string types, string[] indexes)
    {
        await AssertPlanAsync(sql, types, indexes, PostgresSources.Planning);
        await _database!.ExecuteAsync(Fill);
        await AssertPlanAsync(sql, types, indexes, PostgresSources.Planning);

        // By its own choice it reads all of message_bytes, which has a row per node, and for a page of a size that a plan for all
        // sizes does not know it takes a tenth of the table.
        if (sql != UpkeepStatements.ExpireNotifications)
        {
            await AssertPlanAsync(sql, types, [.. indexes.Where(index => index != "message_bytes_pkey")], "-c plan_cache_mode=force_generic_plan -c jit=off");
        }
    }

    [Fact]
    public async Task Expired_messages_are_found_in_the_index_alone()
    {
        await _database!.ExecuteAsync(Fill);
        await _database.ExecuteAsync("VACUUM messages");
        string plan = await PlanAsync(PostgresQueueReader.Expired, "bigint, bigint, bigint, bigint", PostgresSources.Planning);
        Assert.Contains("Index Only Scan using messages_timestamp", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("Sort", plan, StringComparison.Ordinal);
    }

    private async Task AssertPlanAsync(string sql, string types, string[] indexes, string settings)
    {
        string plan = await PlanAsync(sql, types, settings);
        Assert.All(indexes, index => Assert.Contains(index, plan, StringComparison.Ordinal));
        Assert.DoesNotContain("Seq Scan on queues", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("Seq Scan on messages", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("Seq Scan on notifications", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("Seq Scan on links", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("Seq Scan on services", plan, StringComparison.Ordinal);
    }

    private async Task<string> PlanAsync(string sql, string types, string settings)
    {
        var way = new NpgsqlConnectionStringBuilder(_database!.ConnectionString) { Pooling = false, Options = settings };
        await using var connection = new NpgsqlConnection(way.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var prepare = new NpgsqlCommand($"PREPARE hot ({types}) AS {sql}", connection);
        await prepare.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        string arguments = string.Join(", ", types.Split(", ").Select(_ => "NULL"));
        await using var explain = new NpgsqlCommand($"EXPLAIN EXECUTE hot ({arguments})", connection);
        await using NpgsqlDataReader rows = await explain.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var plan = new StringBuilder();
        while (await rows.ReadAsync(TestContext.Current.CancellationToken))
        {
            plan.AppendLine(rows.GetString(0));
        }

        return plan.ToString();
    }
}
