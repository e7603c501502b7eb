using SimplexActors.Actors.Storage;
using SimplexActors.Testing;

namespace SimplexActors.Actors.Tests.Storage;

/// <summary>The shared suite on PostgreSQL: records.</summary>
public sealed class PostgresRecordTests(PostgresServer server) : QueueStoreRecordSuite
{
    private readonly PostgresTestStore _store = new(server);

    protected override Task<IQueueStore> OpenAsync() => _store.OpenAsync();

    protected override ValueTask RemoveAsync() => _store.RemoveAsync();
}

/// <summary>The shared suite on PostgreSQL: messages.</summary>
public sealed class PostgresMessageTests(PostgresServer server) : QueueStoreMessageSuite
{
    private readonly PostgresTestStore _store = new(server);

    protected override Task<IQueueStore> OpenAsync() => _store.OpenAsync();

    protected override ValueTask RemoveAsync() => _store.RemoveAsync();

    protected override async Task DamageAsync(byte[] body)
    {
        PostgresDatabase database = await _store.DatabaseAsync();
        await database.ExecuteAsync(
            $"UPDATE messages SET body = set_byte(body, 0, get_byte(body, 0) # 1) WHERE body = '\\x{Convert.ToHexString(body)}'");
    }
}

/// <summary>The shared suite on PostgreSQL: notifications.</summary>
public sealed class PostgresNotificationTests(PostgresServer server) : QueueStoreNotificationSuite
{
    private readonly PostgresTestStore _store = new(server);

    protected override Task<IQueueStore> OpenAsync() => _store.OpenAsync();

    protected override ValueTask RemoveAsync() => _store.RemoveAsync();
}

/// <summary>The shared suite on PostgreSQL through the fault injector while it injects nothing.</summary>
public sealed class PostgresFaultyRecordTests(PostgresServer server) : QueueStoreRecordSuite
{
    private readonly PostgresTestStore _store = new(server);

    protected override async Task<IQueueStore> OpenAsync() => new FaultyQueueStore(await _store.OpenAsync(), TimeProvider.System);

    protected override ValueTask RemoveAsync() => _store.RemoveAsync();
}

/// <summary>The fault injector before PostgreSQL.</summary>
public sealed class PostgresFaultTests(PostgresServer server) : FaultyQueueStoreSuite
{
    private readonly PostgresTestStore _store = new(server);

    protected override Task<IQueueStore> OpenAsync() => _store.OpenAsync();

    protected override ValueTask RemoveAsync() => _store.RemoveAsync();
}

/// <summary>The shared suite on PostgreSQL: services.</summary>
public sealed class PostgresServiceTests(PostgresServer server) : QueueStoreServiceSuite
{
    private readonly PostgresTestStore _store = new(server);

    protected override Task<IQueueStore> OpenAsync() => _store.OpenAsync();

    protected override ValueTask RemoveAsync() => _store.RemoveAsync();
}

/// <summary>The shared suite on PostgreSQL: statistics.</summary>
public sealed class PostgresStatisticsTests(PostgresServer server) : StatisticsStoreSuite
{
    private readonly PostgresTestStore _store = new(server);

    protected override Task<IQueueStore> OpenAsync() => _store.OpenAsync();

    protected override ValueTask RemoveAsync() => _store.RemoveAsync();
}
