using SimplexActors.Nodes.Edges.Tls;
using Xunit;

namespace SimplexActors.Nodes.Tests.Tls;

/// <summary>Handshakes that end by themselves at the moment in which they are given up.</summary>
public sealed class HandshakeQueueTests
{
    /// <summary>More than cores: the moment is hit when a thread loses its core between two steps.</summary>
    private const int Threads = 16;

    private const int HandshakesPerThread = 100_000;

    [Fact]
    public void The_oldest_is_told_to_end()
    {
        var queue = new HandshakeQueue(max: 1, TimeSpan.FromMinutes(1), TimeProvider.System);
        using HandshakeQueue.Place oldest = queue.Enter();
        using (HandshakeQueue.Place newest = queue.Enter())
        {
            Assert.True(oldest.Ending.IsCancellationRequested);
            Assert.False(newest.Ending.IsCancellationRequested);
            Assert.Equal(1, queue.Count);
        }

        Assert.Equal(0, queue.Count);
    }

    [Fact]
    public async Task One_may_end_while_another_gives_it_up()
    {
        var queue = new HandshakeQueue(max: 1, TimeSpan.FromMinutes(1), TimeProvider.System);
        await Task.WhenAll(Enumerable.Range(0, Threads).Select(_ => Task.Factory.StartNew(
            EnterAndLeave, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        Assert.Equal(0, queue.Count);

        void EnterAndLeave()
        {
            for (int i = 0; i < HandshakesPerThread; i++)
            {
                using HandshakeQueue.Place place = queue.Enter();
                using CancellationTokenRegistration registration = place.Ending.UnsafeRegister(static _ => { }, state: null);
            }
        }
    }
}
