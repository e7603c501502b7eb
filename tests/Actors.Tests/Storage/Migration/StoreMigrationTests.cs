using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using SimplexActors.Actors.Queues;
using SimplexActors.Actors.Storage;
using SimplexActors.Actors.Storage.Migration;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Actors.Tests.Storage.Migration;

/// <summary>A store that moves from SQLite to PostgreSQL: whole, or with a database that nobody serves from.</summary>
public sealed class StoreMigrationTests(PostgresServer server) : IAsyncDisposable
{
    private const string Node = "n1";

    private readonly TemporaryFolder _folder = new();
    private readonly PostgresTestStore _target = new(server);
    private readonly FilledStore _filled = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _target.RemoveAsync();
        await _folder.RemoveAsync();
    }

    [Fact]
    public async Task Everything_is_served_from_the_copy_and_the_source_is_untouched()
    {
        await FillAsync();
        byte[] before = await File.ReadAllBytesAsync(_folder.Database, Cancellation);
        MigrationReport report = await MigrateAsync();
        Assert.Equal(before, await File.ReadAllBytesAsync(_folder.Database, Cancellation));
        Assert.Equal(
            [("services", 1), ("queues", 3), ("links", 1), ("messages", 5), ("notifications", 3), ("quarantine", 0), ("statistics_state", 1), ("statistics", 2), ("statistics_periods", 2), ("active_queues", 2)],
            report.Tables.Select(table => (table.Name, (int)table.Rows)));
        Assert.All(report.Tables, table => Assert.Equal(0, table.LeftOut));

        await using IQueueStore copy = await _target.OpenAsync(Node);
        await _filled.AssertServedAsync(copy);
        await using IQueueStore source = await _folder.OpenStoreAsync();
        await _filled.AssertServedAsync(source);
        Assert.Equal(await source.CountAsync(Cancellation), await copy.CountAsync(Cancellation));
    }

    [Fact]
    public async Task What_is_stored_later_comes_after_what_was_copied()
    {
        await FillAsync();
        await MigrateAsync();
        await using IQueueStore copy = await _target.OpenAsync(Node);
        long before = await BytesAsync();
        await copy.CommitAsync([Samples.Add(_filled.Full, Samples.Header(6), Samples.Bytes(10))], Cancellation);
        await copy.CommitAsync(
            [Samples.Set(_filled.Full.RecipientId, new QueueChange.AddNotification(_filled.Full.Notifier!.NotifierId, Samples.Notification(), Keep: 2))], Cancellation);
        Assert.Equal(_filled.Notifications[2].MessageId, (await copy.ReadNotificationsAsync(_filled.Full.Notifier!.NotifierId, Cancellation))[0].MessageId);
        PostgresDatabase database = await _target.DatabaseAsync();
        Assert.Equal(6L, await database.ScalarAsync<long>("SELECT sequence FROM messages ORDER BY message_no DESC LIMIT 1"));
        Assert.Equal(_filled.Messages.Sum(one => one.Body.Length + 256), before);
        Assert.Equal(before + 266, await BytesAsync());
    }

    [Fact]
    public async Task What_a_killed_router_left_in_its_log_is_copied_too()
    {
        var killed = new TemporaryFolder();
        await using (IQueueStore running = await killed.OpenStoreAsync())
        {
            await _filled.FillAsync(running);
            foreach (string suffix in (string[])["", "-wal"])
            {
                File.Copy(killed.Database + suffix, _folder.Database + suffix);
            }
        }

        await killed.RemoveAsync();
        byte[] log = await File.ReadAllBytesAsync(_folder.Database + "-wal", Cancellation);
        Assert.NotEmpty(log);
        await MigrateAsync();
        Assert.Equal(log, await File.ReadAllBytesAsync(_folder.Database + "-wal", Cancellation));
        await using IQueueStore copy = await _target.OpenAsync(Node);
        await _filled.AssertServedAsync(copy);
    }

    [Theory]
    [InlineData(12_000, 10, 11_000)]
    [InlineData(1_100, 16_000, 1_000)]
    public async Task No_transaction_has_more_than_a_page(int messages, int bytes, int at)
    {
        byte[] body = Samples.Bytes(bytes);
        await using (IQueueStore store = await _folder.OpenStoreAsync())
        {
            await store.CommitAsync([Samples.Create(_filled.Bare)], Cancellation);
            await store.CommitAsync([.. Enumerable.Range(1, messages).Select(i => Samples.Add(_filled.Bare, Samples.Header(i), body))], Cancellation);
        }

        PostgresDatabase database = await _target.DatabaseAsync();
        object? stored = null;
        MigrationReport report = await MigrateAsync(now => Act(
            now.Table == "messages" && now.Step == MigrationStep.Copy && now.Rows == at, () => stored = Execute(database, "SELECT count(*) FROM messages")));
        Assert.InRange(Assert.IsType<long>(stored), 1, at - 1);
        Assert.Equal(messages, report.Tables[3].Rows);
    }

    [Fact]
    public async Task A_damaged_row_is_named_and_left_out_only_on_request()
    {
        await FillAsync();
        await using (IQueueStore store = await _folder.OpenStoreAsync())
        {
            await _filled.AddDamageableAsync(store);
        }

        _folder.Damage(_filled.DamagedBody);
        StoreMigrationException refused = await RefusedAsync();
        Assert.Contains("messages", refused.Message, StringComparison.Ordinal);
        MigrationReport report = await MigrateAsync(leaveOutDamaged: true);
        Assert.Equal((5, 1), (report.Tables[3].Rows, report.Tables[3].LeftOut));
        await using IQueueStore copy = await _target.OpenAsync(Node);
        await _filled.AssertServedAsync(copy);
    }

    [Fact]
    public async Task What_is_in_quarantine_is_copied()
    {
        await FillAsync();
        MessageHeader header;
        await using (IQueueStore store = await _folder.OpenStoreAsync())
        {
            header = await _filled.AddDamageableAsync(store);
        }

        _folder.Damage(_filled.DamagedBody);
        await using (IQueueStore store = await _folder.OpenStoreAsync())
        {
            Assert.Equal(MessageBodyState.Corrupt, (await store.ReadBodyAsync(_filled.Damaged.RecipientId, header, Cancellation)).State);
        }

        await MigrateAsync();
        Assert.Equal(700, await (await _target.DatabaseAsync()).ScalarAsync<int>("SELECT length(body) FROM quarantine"));
    }

    [Theory]
    [InlineData("services", MigrationStep.Copy)]
    [InlineData("messages", MigrationStep.Copy)]
    [InlineData("statistics", MigrationStep.Compare)]
    public async Task A_copy_that_was_interrupted_is_not_served_and_starts_over(string table, MigrationStep step)
    {
        await FillAsync();
        using var interrupt = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => MigrateAsync(
            progress: at => Act(at.Table == table && at.Step == step, interrupt.Cancel), cancellation: interrupt.Token));
        await AssertNotServedAsync();
        await MigrateAsync();
        await using IQueueStore copy = await _target.OpenAsync(Node);
        await _filled.AssertServedAsync(copy);
    }

    [Fact]
    public async Task A_copy_whose_database_went_away_is_not_served_and_starts_over()
    {
        await FillAsync();
        PostgresDatabase database = await _target.DatabaseAsync();
        StoreMigrationException failed = await RefusedAsync(at => Act(at is { Table: "notifications", Step: MigrationStep.Copy, Rows: 0 }, () => EndSessions(database)));
        Assert.Contains("half filled", failed.Message, StringComparison.Ordinal);
        await AssertNotServedAsync();
        await MigrateAsync();
        await using IQueueStore copy = await _target.OpenAsync(Node);
        await _filled.AssertServedAsync(copy);
    }

    [Fact]
    public async Task A_difference_after_the_copy_is_found()
    {
        await FillAsync();
        PostgresDatabase database = await _target.DatabaseAsync();
        StoreMigrationException failed = await RefusedAsync(at => Act(
            at is { Table: "services", Step: MigrationStep.Compare, Rows: 0 }, () => Execute(database, "UPDATE messages SET notify = NOT notify WHERE sequence = 3")));
        Assert.Contains("The table messages differs", failed.Message, StringComparison.Ordinal);
        await AssertNotServedAsync();
    }

    [Fact]
    public async Task A_database_in_use_is_refused_and_left_alone()
    {
        await FillAsync();
        await using (IQueueStore used = await _target.OpenAsync("a"))
        {
            Assert.Contains("is not empty", (await RefusedAsync()).Message, StringComparison.Ordinal);
        }

        await using IQueueStore again = await _target.OpenAsync("a");
    }

    [Fact]
    public async Task A_complete_copy_is_not_overwritten()
    {
        await FillAsync();
        await MigrateAsync();
        Assert.Contains("is not empty", (await RefusedAsync()).Message, StringComparison.Ordinal);
        await using IQueueStore copy = await _target.OpenAsync(Node);
        await _filled.AssertServedAsync(copy);
    }

    [Fact]
    public async Task A_source_that_is_missing_or_in_use_is_refused()
    {
        Assert.Contains("There is no store", (await RefusedAsync()).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.Database));
        await using IQueueStore running = await _folder.OpenStoreAsync();
        Assert.Contains("in use", (await RefusedAsync()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_cannot_be_reached_is_named()
    {
        await FillAsync();
        StoreMigrationException refused = await Assert.ThrowsAsync<StoreMigrationException>(
            () => MigrateAsync(target: "Host=127.0.0.1;Port=1;Database=x;Username=u;Password=secret"));
        Assert.Contains("x on 127.0.0.1:1 cannot be reached", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
    }

    private static void Act(bool now, Action action)
    {
        if (now)
        {
            action();
        }
    }

    private static void EndSessions(PostgresDatabase database) => Execute(
        database, "SELECT pg_terminate_backend(pid) FROM (SELECT pid FROM pg_stat_activity WHERE application_name = 'simplex-router store migrate' AND datname = current_database() OFFSET 0) AS found");

    private static object? Execute(PostgresDatabase database, string sql)
    {
        using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database.ConnectionString) { Pooling = false }.ConnectionString);
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        return command.ExecuteScalar();
    }

    private async Task FillAsync()
    {
        await using IQueueStore store = await _folder.OpenStoreAsync();
        await _filled.FillAsync(store);
    }

    private async Task AssertNotServedAsync()
    {
        StoreOpenException refused = await Assert.ThrowsAsync<StoreOpenException>(() => _target.OpenAsync(Node));
        Assert.Contains("half filled", refused.Message, StringComparison.Ordinal);
    }

    private async Task<StoreMigrationException> RefusedAsync(Action<MigrationProgress>? progress = null) =>
        await Assert.ThrowsAsync<StoreMigrationException>(() => MigrateAsync(progress));

    private async Task<MigrationReport> MigrateAsync(
        Action<MigrationProgress>? progress = null, bool leaveOutDamaged = false, string? target = null, CancellationToken? cancellation = null) =>
        await StoreMigration.RunAsync(
            new StoreMigrationOptions
            {
                Source = _folder.Database,
                Target = target ?? (await _target.DatabaseAsync()).ConnectionString,
                Node = Node,
                LeaveOutDamaged = leaveOutDamaged,
            },
            new Told(progress ?? (_ => { })),
            NullLogger.Instance,
            cancellation ?? Cancellation);

    private async Task<long> BytesAsync() => await (await _target.DatabaseAsync()).ScalarAsync<long>("SELECT sum(bytes)::bigint FROM message_bytes");

    private sealed class Told(Action<MigrationProgress> told) : IProgress<MigrationProgress>
    {
        public void Report(MigrationProgress value) => told(value);
    }
}
