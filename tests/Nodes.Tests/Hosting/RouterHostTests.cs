using Microsoft.Extensions.Logging.Abstractions;
using SimplexActors.Nodes.Hosting;
using Xunit;

namespace SimplexActors.Nodes.Tests.Hosting;

/// <summary>The order of starting and stopping, and what one failing part does to the others.</summary>
public sealed class RouterHostTests
{
    private readonly List<string> _events = [];

    [Fact]
    public async Task Edges_stop_before_what_they_rest_on_is_released()
    {
        var host = new RouterHost([new Part("store", _events), new Part("queues", _events)], [new Edge("smp", _events)], NullLogger.Instance);
        await host.StartAsync(TestContext.Current.CancellationToken);
        Assert.True(await host.StopAsync(TimeSpan.FromMinutes(1), TimeProvider.System));
        await host.DisposeAsync();
        Assert.Equal(["smp started", "smp stopped", "smp released", "queues released", "store released"], _events);
    }

    [Fact]
    public async Task Everything_is_released_once()
    {
        var host = new RouterHost([new Part("store", _events)], [], NullLogger.Instance);
        await host.DisposeAsync();
        await host.DisposeAsync();
        Assert.Equal(["store released"], _events);
    }

    [Fact]
    public async Task An_edge_that_fails_to_stop_keeps_no_other_from_stopping()
    {
        var failing = new Edge("a", _events) { OnStop = _ => throw new InvalidOperationException("broken") };
        await using var host = new RouterHost([], [failing, new Edge("b", _events)], NullLogger.Instance);
        Assert.False(await host.StopAsync(TimeSpan.FromMinutes(1), TimeProvider.System));
        Assert.Contains("b stopped", _events);
    }

    [Fact]
    public async Task An_edge_that_takes_too_long_is_told_and_the_stop_is_still_graceful()
    {
        var slow = new Edge("slow", _events) { OnStop = deadline => Task.Delay(Timeout.InfiniteTimeSpan, deadline) };
        await using var host = new RouterHost([], [slow], NullLogger.Instance);
        Assert.True(await host.StopAsync(TimeSpan.FromMilliseconds(1), TimeProvider.System));
        Assert.DoesNotContain("slow stopped", _events);
    }

    private sealed class Part(string name, List<string> events) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            events.Add($"{name} released");
            return ValueTask.CompletedTask;
        }
    }

    private sealed class Edge(string name, List<string> events) : IEdge
    {
        public Func<CancellationToken, Task> OnStop { get; init; } = _ => Task.CompletedTask;

        public IReadOnlyList<int> Ports => [];

        public Task StartAsync(CancellationToken cancellation)
        {
            events.Add($"{name} started");
            return Task.CompletedTask;
        }

        public async Task StopAsync(CancellationToken cancellation)
        {
            await OnStop(cancellation);
            events.Add($"{name} stopped");
        }

        public ValueTask DisposeAsync()
        {
            events.Add($"{name} released");
            return ValueTask.CompletedTask;
        }
    }
}
