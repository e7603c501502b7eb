using System.Buffers.Binary;
using SimplexActors.Actors.Queues;
using SimplexActors.Actors.Storage;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Actors.Tests.Storage;

/// <summary>What the store refuses to open, each with one line that says why, and that it changes none of it.</summary>
public sealed class SqliteStartTests : IAsyncDisposable
{
    private const int UserVersionOffset = 60;
    private const int ApplicationIdOffset = 68;
    private const int PageBytes = 8192;

    private readonly TemporaryFolder _folder = new();
    private readonly QueueRecord _queue = Samples.Queue();

    public ValueTask DisposeAsync() => _folder.RemoveAsync();

    [Fact]
    public async Task A_newer_store_is_refused_and_left_alone()
    {
        await MakeStoreAsync();
        int version = BinaryPrimitives.ReadInt32BigEndian(File.ReadAllBytes(_folder.Database).AsSpan(UserVersionOffset));
        OverwriteNumber(UserVersionOffset, 1000);
        byte[] before = File.ReadAllBytes(_folder.Database);

        await AssertRefusedAsync("newer version");
        Assert.Equal(before, File.ReadAllBytes(_folder.Database));

        OverwriteNumber(UserVersionOffset, version);
        await AssertOpensWithQueueAsync();
    }

    [Fact]
    public async Task Another_programs_database_is_refused()
    {
        await MakeStoreAsync();
        OverwriteNumber(ApplicationIdOffset, 12345);
        await AssertRefusedAsync("another program");
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_and_left_alone()
    {
        byte[] text = Samples.Bytes(20_000);
        await File.WriteAllBytesAsync(_folder.Database, text, TestContext.Current.CancellationToken);
        await AssertRefusedAsync("not a database");
        Assert.Equal(text, File.ReadAllBytes(_folder.Database));
    }

    [Fact]
    public async Task A_store_that_was_cut_short_is_refused()
    {
        await MakeStoreAsync();
        using (FileStream file = File.OpenWrite(_folder.Database))
        {
            file.SetLength(file.Length / 2 / PageBytes * PageBytes);
        }

        await AssertRefusedAsync("damaged");
    }

    [Fact]
    public async Task A_store_with_a_damaged_schema_is_refused()
    {
        await MakeStoreAsync();
        _folder.Overwrite(100, new byte[PageBytes - 100]);
        await AssertRefusedAsync("damaged");
    }

    [Fact]
    public async Task A_store_with_a_damaged_table_is_refused()
    {
        await MakeStoreAsync();
        _folder.Overwrite(PageBytes, Samples.Bytes(PageBytes));
        await AssertRefusedAsync("damaged");
    }

    [Fact]
    public async Task A_store_in_use_is_refused_until_it_is_closed()
    {
        IQueueStore first = await _folder.OpenStoreAsync();
        await AssertRefusedAsync("in use by another process");
        await first.DisposeAsync();
        await using IQueueStore second = await _folder.OpenStoreAsync();
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_refused()
    {
        await using SmallDisk? disk = await SmallDisk.TryMountAsync(1);
        string folder = disk?.Path ?? Path.Combine(_folder.Path, "sealed");
        if (disk is not null)
        {
            Assert.True(await disk.MakeReadOnlyAsync());
        }
        else if (!OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        // Without the privilege to mount, but with that to ignore permissions, there is nothing to refuse.
        if (disk is not null || !Environment.IsPrivilegedProcess)
        {
            string database = Path.Combine(folder, "smp.db");
            StoreOpenException refused = await Assert.ThrowsAsync<StoreOpenException>(() => TemporaryFolder.OpenStoreAsync(database));
            Assert.Contains("cannot be written", refused.Message, StringComparison.Ordinal);
            Assert.Contains(folder, refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_folder_that_is_missing_is_made()
    {
        string database = Path.Combine(_folder.Path, "a", "b", "smp.db");
        await using IQueueStore store = await TemporaryFolder.OpenStoreAsync(database);
        Assert.True(File.Exists(database));
    }

    [Fact]
    public async Task A_damaged_queue_is_left_out_and_reported_without_harm_to_others()
    {
        QueueRecord damaged = Samples.Queue();
        var log = new RecordingLogger();
        await using (IQueueStore store = await _folder.OpenStoreAsync())
        {
            await store.CommitAsync([Samples.Create(_queue), Samples.Create(damaged)], default);
        }

        _folder.Damage(damaged.RecipientKeys[0].Spki[..20]);
        _folder.Damage(damaged.RecipientKeys[0].Spki[12..]);
        await using IQueueStore again = await _folder.OpenStoreAsync(log);
        IReadOnlyList<StoredQueue?> rows = await again.LoadAsync([damaged.RecipientId, _queue.RecipientId], default);
        Assert.Null(rows[0]);
        Assert.NotNull(rows[1]);
        Assert.Contains(log.Entries, entry => entry.Id == 2006 && entry.Text.Contains("queues", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_quarantined_message_is_reported_without_its_ids()
    {
        var log = new RecordingLogger();
        MessageHeader header = Samples.Header(1);
        byte[] body = Samples.Bytes(500);
        await using (IQueueStore store = await _folder.OpenStoreAsync())
        {
            await store.CommitAsync([Samples.Create(_queue), Samples.Add(_queue, header, body)], default);
        }

        _folder.Damage(body);
        await using IQueueStore again = await _folder.OpenStoreAsync(log);
        Assert.Equal(MessageBodyState.Corrupt, (await again.ReadBodyAsync(_queue.RecipientId, header, default)).State);
        Assert.Equal(new StoreCounts(1, 0, 0, 0), await again.CountAsync(default));
        Assert.Contains(log.Entries, entry => entry.Id == 2004);
        string id = Convert.ToHexString(_queue.RecipientId.Bytes);
        Assert.DoesNotContain(log.Entries, entry => entry.Text.Contains(id, StringComparison.OrdinalIgnoreCase));
    }

    private async Task MakeStoreAsync()
    {
        await using IQueueStore store = await _folder.OpenStoreAsync();
        await store.CommitAsync([Samples.Create(_queue), Samples.Add(_queue, Samples.Header(1), Samples.Bytes(100_000))], default);
    }

    private async Task AssertRefusedAsync(string why)
    {
        StoreOpenException refused = await Assert.ThrowsAsync<StoreOpenException>(() => _folder.OpenStoreAsync());
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
        Assert.Contains(_folder.Database, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    private async Task AssertOpensWithQueueAsync()
    {
        await using IQueueStore store = await _folder.OpenStoreAsync();
        Assert.NotNull((await store.LoadAsync([_queue.RecipientId], default))[0]);
    }

    private void OverwriteNumber(int at, int number)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        _folder.Overwrite(at, bytes);
    }
}
