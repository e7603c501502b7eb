using SimplexActors.Actors.Cluster.Links;
using Xunit;

namespace SimplexActors.Actors.Tests.Cluster.Links;

/// <summary>Windows and limits: a slow receiver stops only its stream, and memory has a bound.</summary>
public sealed class FlowTests : IAsyncDisposable
{
    private const int Window = 8 * 1024;
    private const int MessageBytes = 1000;
    private readonly TestCluster _cluster = new();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task A_receiver_that_waits_stops_its_stream_and_no_other()
    {
        var held = new TaskCompletionSource();
        (LinkEnd own, LinkEnd served) = await LinkAsync((stream, _) => stream == 1 ? new ValueTask(held.Task) : ValueTask.CompletedTask);
        int accepted = 0;
        ValueTask<bool> waiting;
        while ((waiting = own.Session.SendAsync(1, new byte[MessageBytes], default)).IsCompleted)
        {
            Assert.True(await waiting);
            accepted++;
        }

        // The stream takes what its window holds, and the message that exceeds it.
        Assert.InRange(accepted, Window / (MessageBytes + LinkLimits.MessageOverheadBytes), (Window / (MessageBytes + LinkLimits.MessageOverheadBytes)) + 1);
        for (int i = 0; i < 200; i++)
        {
            Assert.True(await own.Session.SendAsync(2, BitConverter.GetBytes(i), default));
        }

        int seen = 0;
        int onOne = 0;
        while (seen < 200)
        {
            (int stream, byte[] message) = await served.Receiver.NextAsync();
            onOne += stream == 1 ? 1 : 0;
            seen += stream == 2 && BitConverter.ToInt32(message) == seen ? 1 : 0;
        }

        Assert.Equal((1, false), (onOne, waiting.IsCompleted));
        held.SetResult();
        Assert.True(await waiting);
        for (; onOne < accepted + 1; onOne++)
        {
            Assert.Equal(1, (await served.Receiver.NextAsync()).Stream);
        }
    }

    [Fact]
    public async Task A_message_larger_than_the_window_passes()
    {
        (LinkEnd own, LinkEnd served) = await LinkAsync((_, _) => ValueTask.CompletedTask);
        for (int i = 0; i < 20; i++)
        {
            Assert.True(await own.Session.SendAsync(1, new byte[10 * Window], default));
        }

        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(10 * Window, (await served.Receiver.NextAsync()).Message.Length);
        }
    }

    [Fact]
    public async Task A_cancelled_message_does_not_arrive_and_those_behind_it_do()
    {
        var held = new TaskCompletionSource();
        (LinkEnd own, LinkEnd served) = await LinkAsync((_, _) => new ValueTask(held.Task));
        Assert.True(await own.Session.SendAsync(1, new byte[Window], default));
        using var cancellation = new CancellationTokenSource();
        ValueTask<bool>[] cancelled = [.. Enumerable.Range(0, 100).Select(_ => own.Session.SendAsync(1, "no"u8.ToArray(), cancellation.Token))];
        ValueTask<bool> behind = own.Session.SendAsync(1, "yes"u8.ToArray(), default);
        own.Session.Post(1, "posted"u8);
        await cancellation.CancelAsync();
        foreach (ValueTask<bool> one in cancelled)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await one);
        }

        Assert.False(behind.IsCompleted);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await own.Session.SendAsync(2, "no"u8.ToArray(), cancellation.Token));
        held.SetResult();
        Assert.True(await behind);
        Assert.Equal(Window, (await served.Receiver.NextAsync()).Message.Length);
        Assert.Equal("yes"u8.ToArray(), (await served.Receiver.NextAsync()).Message);
        Assert.Equal("posted"u8.ToArray(), (await served.Receiver.NextAsync()).Message);
    }

    [Fact]
    public async Task Posting_needs_no_window_and_is_counted_until_the_peer_took_it()
    {
        var held = new TaskCompletionSource();
        (LinkEnd own, LinkEnd served) = await LinkAsync((_, _) => new ValueTask(held.Task));
        const int count = 100;
        for (int i = 0; i < count; i++)
        {
            own.Session.Post(1, new byte[MessageBytes]);
        }

        Assert.Equal(count * (MessageBytes + LinkLimits.MessageOverheadBytes), own.Session.PostedBytes);
        held.SetResult();
        for (int i = 0; i < count; i++)
        {
            await served.Receiver.NextAsync();
        }

        // What is left of it is told with the next look of the peer at its session.
        while (own.Session.PostedBytes > 0)
        {
            await Task.Yield();
        }
    }

    [Fact]
    public async Task A_peer_that_leaves_too_much_of_what_was_posted_is_given_up()
    {
        (LinkEnd own, LinkEnd served) = await LinkAsync((_, _) => new ValueTask(Task.Delay(Timeout.Infinite)), options => options with { PostedBytes = 1_000_000 });
        ValueTask<bool> waiting;
        while ((waiting = own.Session.SendAsync(1, new byte[MessageBytes], default)).IsCompleted)
        {
            Assert.True(await waiting);
        }

        while (own.Session.IsOpen)
        {
            own.Session.Post(2, new byte[MessageBytes]);
        }

        Assert.InRange(own.Session.PostedBytes, 1_000_000, 1_000_000 + MessageBytes + LinkLimits.MessageOverheadBytes);
        Assert.False(await waiting);
        await own.Receiver.ClosedAsync();
        await served.Receiver.ClosedAsync();
        Assert.False(await own.Session.SendAsync(1, new byte[1], default));
        own.Session.Post(1, [1]);
    }

    private async Task<(LinkEnd Own, LinkEnd Served)> LinkAsync(Func<int, ReadOnlyMemory<byte>, ValueTask> taking, Func<LinkOptions, LinkOptions>? change = null)
    {
        TestNode from = _cluster.Start(1, Change);
        TestNode to = _cluster.Start(2, Change);
        to.Receiving = (_, _) => new TestReceiver { Taking = taking };
        return await from.LinkAsync(to);

        LinkOptions Change(LinkOptions options) => (change?.Invoke(options) ?? options) with { StreamWindowBytes = Window, PingAfter = TimeSpan.FromMilliseconds(100), Silence = TimeSpan.FromSeconds(30) };
    }
}
