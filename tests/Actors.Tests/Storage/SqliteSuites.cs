using SimplexActors.Actors.Storage;

namespace SimplexActors.Actors.Tests.Storage;

/// <summary>The shared suite on SQLite: records.</summary>
public sealed class SqliteRecordTests : QueueStoreRecordSuite
{
    private readonly TemporaryFolder _folder = new();

    protected override Task<IQueueStore> OpenAsync() => _folder.OpenStoreAsync();

    protected override ValueTask RemoveAsync() => _folder.RemoveAsync();
}

/// <summary>The shared suite on SQLite: messages.</summary>
public sealed class SqliteMessageTests : QueueStoreMessageSuite
{
    private readonly TemporaryFolder _folder = new();

    protected override Task<IQueueStore> OpenAsync() => _folder.OpenStoreAsync();

    protected override ValueTask RemoveAsync() => _folder.RemoveAsync();

    protected override Task DamageAsync(byte[] body)
    {
        _folder.Damage(body.AsSpan(^20..));
        return Task.CompletedTask;
    }
}

/// <summary>The shared suite on SQLite: notifications.</summary>
public sealed class SqliteNotificationTests : QueueStoreNotificationSuite
{
    private readonly TemporaryFolder _folder = new();

    protected override Task<IQueueStore> OpenAsync() => _folder.OpenStoreAsync();

    protected override ValueTask RemoveAsync() => _folder.RemoveAsync();
}

/// <summary>The shared suite through the fault injector while it injects nothing: it changes nothing.</summary>
public sealed class FaultyStoreRecordTests : QueueStoreRecordSuite
{
    private readonly TemporaryFolder _folder = new();

    protected override async Task<IQueueStore> OpenAsync() => new FaultyQueueStore(await _folder.OpenStoreAsync(), TimeProvider.System);

    protected override ValueTask RemoveAsync() => _folder.RemoveAsync();
}

/// <summary>The fault injector before SQLite.</summary>
public sealed class SqliteFaultTests : FaultyQueueStoreSuite
{
    private readonly TemporaryFolder _folder = new();

    protected override Task<IQueueStore> OpenAsync() => _folder.OpenStoreAsync();

    protected override ValueTask RemoveAsync() => _folder.RemoveAsync();
}

/// <summary>The shared suite on SQLite: services.</summary>
public sealed class SqliteServiceTests : QueueStoreServiceSuite
{
    private readonly TemporaryFolder _folder = new();

    protected override Task<IQueueStore> OpenAsync() => _folder.OpenStoreAsync();

    protected override ValueTask RemoveAsync() => _folder.RemoveAsync();
}

/// <summary>The shared suite on SQLite: statistics.</summary>
public sealed class SqliteStatisticsTests : StatisticsStoreSuite
{
    private readonly TemporaryFolder _folder = new();

    protected override Task<IQueueStore> OpenAsync() => _folder.OpenStoreAsync();

    protected override ValueTask RemoveAsync() => _folder.RemoveAsync();
}
