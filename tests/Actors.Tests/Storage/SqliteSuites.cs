using SimplexActors.Actors.Storage;

namespace SimplexActors.Actors.Tests.Storage;

/// <summary>The shared suite on SQLite: records.</summary>
public sealed class SqliteRecordTests : QueueStoreRecordSuite
{
    private readonly TemporaryFolder _folder = new();

    protected override Task<IQueueStore> OpenAsync() => _folder.OpenStoreAsync();

    protected override ValueTask RemoveAsync() => _folder.RemoveAsync();
}
