using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Storage;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Actors.Tests.Storage;

/// <summary>When a store counts as full, and when no longer.</summary>
public sealed class StorageWatchTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly RecordingLogger _logger = new();
    private long _used;
    private long _free = 1000;

    [Theory]
    [InlineData(1000, 0, 1000, 0, false, false)]
    [InlineData(1000, 0, 1001, 0, false, true)]
    [InlineData(1000, 0, 951, 0, false, false)]
    [InlineData(1000, 0, 951, 0, true, true)]
    [InlineData(1000, 0, 950, 0, true, false)]
    [InlineData(0, 1000, long.MaxValue, 1000, false, false)]
    [InlineData(0, 1000, 0, 999, false, true)]
    [InlineData(0, 1000, 0, 1049, true, true)]
    [InlineData(0, 1000, 0, 1050, true, false)]
    [InlineData(0, 0, long.MaxValue, 0, true, false)]
    [InlineData(1000, 1000, 0, 0, false, true)]
    [InlineData(1000, 1000, 2000, 2000, false, true)]
    public void A_full_store_has_room_again_when_a_margin_is_free(long maxUsed, long minFree, long used, long free, bool was, bool isFull) =>
        Assert.Equal(isFull, new StorageLimits(maxUsed, minFree).IsFull(new StorageUse(used, free), was));

    [Fact]
    public async Task The_watch_follows_the_store_and_logs_each_change_once()
    {
        await using var watch = new StorageWatch(
            new StorageLimits(1000, 100), _ => ValueTask.FromResult(Volatile.Read(ref _used)), () => Volatile.Read(ref _free), _time, _logger);
        await LookAsync();
        Assert.False(watch.IsFull);
        _used = 1001;
        await LookAsync();
        Assert.True(watch.IsFull);
        _used = 990;
        await LookAsync();
        Assert.True(watch.IsFull);
        _used = 900;
        await LookAsync();
        Assert.False(watch.IsFull);
        _free = 99;
        await LookAsync();
        await LookAsync();
        Assert.True(watch.IsFull);
        Assert.Equal([2020, 2021, 2020], _logger.Entries.Select(entry => entry.Id));
    }

    [Fact]
    public async Task A_store_that_cannot_be_measured_stays_what_it_was_and_is_asked_again()
    {
        bool fails = false;
        await using var watch = new StorageWatch(
            new StorageLimits(1000, 0),
            _ => Volatile.Read(ref fails) ? throw new StoreUnavailableException("no") : ValueTask.FromResult(Volatile.Read(ref _used)),
            () => 0,
            _time,
            _logger);
        _used = 2000;
        await LookAsync();
        Assert.True(watch.IsFull);
        fails = true;
        await LookAsync();
        Assert.True(watch.IsFull);
        fails = false;
        _used = 0;
        await LookAsync();
        Assert.False(watch.IsFull);
    }

    [Fact]
    public async Task Without_limits_nobody_looks()
    {
        await using var watch = new StorageWatch(
            new StorageLimits(0, 0), _ => throw new InvalidOperationException("asked"), () => throw new InvalidOperationException("asked"), _time, _logger);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.False(watch.IsFull);
        Assert.DoesNotContain(_logger.Entries, entry => entry.Id >= 0);
    }

    /// <summary>Lets the watch look once; it waits for its next look again when this completes.</summary>
    private async Task LookAsync()
    {
        await _time.TimersArmedAsync(1);
        _time.Advance(Limits.StorageLookInterval);
        await _time.TimersArmedAsync(1);
    }
}
