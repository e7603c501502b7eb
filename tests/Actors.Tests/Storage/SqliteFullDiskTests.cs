using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Queues;
using SimplexActors.Actors.Storage;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Actors.Tests.Storage;

/// <summary>A full disk refuses commits, loses nothing, and is over as soon as there is space.</summary>
public sealed class SqliteFullDiskTests : IAsyncDisposable
{
    private const int BodyBytes = 16_000;

    private readonly TemporaryFolder _folder = new();
    private readonly List<(MessageHeader Header, byte[] Body)> _confirmed = [];
    private readonly QueueRecord _queue = Samples.Queue();
    private SmallDisk? _disk;
    private long _lastSequence;

    private string Database => _disk is null ? _folder.Database : Path.Combine(_disk.Path, "smp.db");

    [Fact]
    public async Task A_full_disk_refuses_commits_until_there_is_space()
    {
        _disk = await SmallDisk.TryMountAsync(mebibytes: 8);
        if (_disk is null)
        {
            await RefusedUntilSpaceAsync(maxBytes: 2 * 1024 * 1024, giveSpaceAsync: RemoveHalfAsync);
            return;
        }

        await _disk.OccupyAsync(3 * 1024 * 1024);
        await RefusedUntilSpaceAsync(maxBytes: null, giveSpaceAsync: _ =>
        {
            _disk.Free();
            return Task.CompletedTask;
        });
    }

    [Fact]
    public async Task A_store_at_its_largest_size_refuses_commits_until_there_is_space() =>
        await RefusedUntilSpaceAsync(maxBytes: 2 * 1024 * 1024, giveSpaceAsync: RemoveHalfAsync);

    [Fact]
    public async Task A_store_that_finds_no_space_at_start_says_so_and_leaves_nothing_half_made()
    {
        _disk = await SmallDisk.TryMountAsync(mebibytes: 2);
        if (_disk is null)
        {
            await AssertNoRoomAsync(maxBytes: 8192);
        }
        else
        {
            await _disk.OccupyAsync();
            await AssertNoRoomAsync(maxBytes: null);
            _disk.Free();
        }

        await using IQueueStore store = await TemporaryFolder.OpenStoreAsync(Database);
        Assert.Equal(CommitOutcome.Committed, (await store.CommitAsync([Samples.Create(_queue)], default)).Outcome);
    }

    public async ValueTask DisposeAsync()
    {
        if (_disk is not null)
        {
            await _disk.DisposeAsync();
        }

        await _folder.RemoveAsync();
    }

    private async Task AssertNoRoomAsync(long? maxBytes)
    {
        StoreOpenException refused = await Assert.ThrowsAsync<StoreOpenException>(() => TemporaryFolder.OpenStoreAsync(Database, maxBytes: maxBytes));
        Assert.Contains(Database, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    private async Task RefusedUntilSpaceAsync(long? maxBytes, Func<IQueueStore, Task> giveSpaceAsync)
    {
        await using (IQueueStore store = await TemporaryFolder.OpenStoreAsync(Database, maxBytes: maxBytes))
        {
            Assert.Equal(CommitOutcome.Committed, (await store.CommitAsync([Samples.Create(_queue)], default)).Outcome);
            for (int refusals = 0; refusals < 5;)
            {
                refusals += await SendAsync(store) ? 0 : 1;
                Assert.InRange(_confirmed.Count, 0, 2_000);
            }

            await AssertExactlyConfirmedAsync(store);
            await giveSpaceAsync(store);
            Assert.True(await SendAsync(store));
            Assert.True(await SendAsync(store));
            await AssertExactlyConfirmedAsync(store);
        }

        await using IQueueStore again = await TemporaryFolder.OpenStoreAsync(Database);
        await AssertExactlyConfirmedAsync(again);
    }

    private async Task<bool> SendAsync(IQueueStore store)
    {
        MessageHeader header = Samples.Header(++_lastSequence);
        byte[] body = Samples.Bytes(BodyBytes);
        CommitResult result = await store.CommitAsync([Samples.Add(_queue, header, body)], default);
        if (result.Outcome is CommitOutcome.Committed)
        {
            _confirmed.Add((header, body));
            return true;
        }

        Assert.Equal(CommitOutcome.Failed, result.Outcome);
        Assert.NotNull(result.Cause);
        return false;
    }

    private async Task RemoveHalfAsync(IQueueStore store)
    {
        int half = _confirmed.Count / 2;
        CommitResult result = await store.CommitAsync([.. _confirmed[..half].Select(message => Samples.Remove(_queue, message.Header.Sequence))], default);
        Assert.Equal(CommitOutcome.Committed, result.Outcome);
        _confirmed.RemoveRange(0, half);
    }

    private async Task AssertExactlyConfirmedAsync(IQueueStore store)
    {
        StoredQueue? row = (await store.LoadAsync([_queue.RecipientId], default))[0];
        Assert.NotNull(row);
        Assert.Equal(_confirmed.Select(message => message.Header), row.Messages);
        foreach ((MessageHeader header, byte[] body) in _confirmed)
        {
            MessageBody read = await store.ReadBodyAsync(_queue.RecipientId, header, default);
            Assert.Equal(MessageBodyState.Found, read.State);
            Assert.True(read.Body.Span.SequenceEqual(body));
        }
    }
}
