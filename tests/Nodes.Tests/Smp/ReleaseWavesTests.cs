using SimplexActors.Actors;
using SimplexActors.Nodes.Edges.Smp;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Nodes.Tests.Smp;

/// <summary>Connections are ended spread over a time.</summary>
public sealed class ReleaseWavesTests : IDisposable
{
    private static readonly TimeSpan Over = TimeSpan.FromSeconds(64);

    private readonly ManualTimeProvider _time = new();
    private readonly ReleaseWaves _waves;
    private readonly CancellationToken[] _connections;

    public ReleaseWavesTests()
    {
        _waves = new ReleaseWaves(_time);
        _connections = [.. Enumerable.Range(0, Limits.ReleaseWaves * 10).Select(_ => _waves.Next())];
    }

    public void Dispose() => _waves.Dispose();

    [Fact]
    public async Task Every_wave_has_its_share_and_its_moment()
    {
        Task released = _waves.ReleaseAsync(Over, () => true, CancellationToken.None);
        for (int wave = 1; wave <= Limits.ReleaseWaves; wave++)
        {
            await _time.TimersArmedAsync(1);
            Assert.Equal(wave * 10, _connections.Count(connection => connection.IsCancellationRequested));
            _time.Advance(Over / Limits.ReleaseWaves);
        }

        await released;
    }

    [Fact]
    public async Task Without_a_time_all_end_at_once()
    {
        await _waves.ReleaseAsync(TimeSpan.Zero, () => true, CancellationToken.None);
        Assert.All(_connections, connection => Assert.True(connection.IsCancellationRequested));
    }

    [Fact]
    public async Task When_nobody_is_left_nobody_is_waited_for()
    {
        await _waves.ReleaseAsync(Over, () => false, CancellationToken.None);
        Assert.All(_connections, connection => Assert.True(connection.IsCancellationRequested));
    }

    [Fact]
    public async Task The_deadline_ends_all()
    {
        using var deadline = new CancellationTokenSource();
        Task released = _waves.ReleaseAsync(Over, () => true, deadline.Token);
        Assert.False(released.IsCompleted);
        await deadline.CancelAsync();
        await released;
        Assert.All(_connections, connection => Assert.True(connection.IsCancellationRequested));
    }
}
