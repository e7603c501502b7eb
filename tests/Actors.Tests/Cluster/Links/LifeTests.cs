using System.Net.Sockets;
using SimplexActors.Actors.Cluster;
using SimplexActors.Actors.Cluster.Links;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Actors.Tests.Cluster.Links;

/// <summary>How sessions end, and how nodes find each other again.</summary>
public sealed class LifeTests : IAsyncDisposable
{
    private readonly TestCluster _cluster = new();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Closing_sends_what_was_posted_and_tells_both_ends_once()
    {
        TestNode a = _cluster.Start(1, Unhurried);
        TestNode b = _cluster.Start(2, Unhurried);
        var held = new TaskCompletionSource();
        b.Receiving = (_, _) => new TestReceiver { Taking = (stream, _) => stream == 9 ? new ValueTask(held.Task) : ValueTask.CompletedTask };
        (LinkEnd own, LinkEnd served) = await a.LinkAsync(b);
        ValueTask<bool> waiting;
        while ((waiting = own.Session.SendAsync(9, new byte[20_000], default)).IsCompleted)
        {
            Assert.True(await waiting);
        }

        for (int i = 0; i < 1000; i++)
        {
            own.Session.Post(1, new byte[10_000]);
        }

        ValueTask closing = a.DisposeAsync();
        Assert.False(await waiting);
        Assert.False(own.Session.IsOpen);
        int posted = 0;
        while (posted < 1000)
        {
            posted += (await served.Receiver.NextAsync()).Stream == 1 ? 1 : 0;
        }

        held.SetResult();
        await closing;
        await served.Receiver.ClosedAsync();
        Assert.Equal((1, 1, 0, 0), (own.Receiver.Closings, served.Receiver.Closings, own.Receiver.Late, served.Receiver.Late));
        Assert.Contains("the node stops", Assert.Single(b.Log.Of(3032)));
        Assert.Null(a.Links.To(b.Number));
    }

    [Fact]
    public async Task Closing_is_no_failure_of_the_port_and_waits_for_no_clock()
    {
        ClusterCertificates.CreateNode(_cluster.Folder, "one", TimeProvider.System);
        LinkOptions options = TestCluster.Options(_cluster.Credentials("one")) with { Time = new ManualTimeProvider() };
        for (int round = 0; round < 200; round++)
        {
            var node = new TestNode(new NodeNumber(2), options, _cluster);
            await node.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(1));
            Assert.Empty(node.Log.Of(3040));
        }
    }

    [Fact]
    public async Task A_node_that_comes_back_is_linked_again()
    {
        TestNode a = _cluster.Start(1);
        TestNode first = _cluster.Start(2);
        (LinkEnd own, _) = await a.LinkAsync(first);
        await first.DisposeAsync();
        await own.Receiver.ClosedAsync();

        // Its number belongs to another process for a while, as when its address is taken by a new one.
        TestNode wrong = _cluster.Start(3);
        _cluster.Join(2, wrong.Endpoint);
        await a.Log.NextAsync(3033, "it is node 3, and node 2 was dialled");
        TestNode second = _cluster.Start(2);
        LinkEnd again = await a.OwnAsync();
        Assert.NotSame(own.Session, again.Session);
        Assert.True(await again.Session.SendAsync(1, "hello"u8.ToArray(), default));
        Assert.Equal("hello"u8.ToArray(), (await (await second.ServedAsync()).Receiver.NextAsync()).Message);
        Assert.Equal((1, 0), (own.Receiver.Closings, again.Receiver.Closings));
        Assert.Single(a.Log.Of(3033), text => text.Contains("it is node 3"));
        await wrong.Log.NextAsync(3034, "it dialled node 2, and this is node 3");
        Assert.Single(wrong.Log.Of(3034));
    }

    [Fact]
    public async Task A_connection_whose_handshake_took_longer_does_not_replace_a_later_one()
    {
        TestNode a = _cluster.Start(1);
        TestNode b = _cluster.Start(2, Unhurried);
        var opener = new LinkOpener(Unhurried(TestCluster.Options(_cluster.Credentials("node1-0"))), () => a.Number, a, a.Log);
        Socket slow = await ConnectAsync(b);
        LinkSession later = (await opener.OpenAsync(await ConnectAsync(b), b.Number, default)).Session!;
        LinkEnd kept = await b.ServedAsync();
        LinkSession earlier = (await opener.OpenAsync(slow, b.Number, default)).Session!;
        await (await b.ServedAsync()).Receiver.ClosedAsync();
        await earlier.Over;
        Assert.True(await later.SendAsync(1, "hello"u8.ToArray(), default));
        Assert.Equal("hello"u8.ToArray(), (await kept.Receiver.NextAsync()).Message);
        await later.CloseAsync("the test is over");
        await kept.Receiver.ClosedAsync();
    }

    [Fact]
    public async Task A_node_that_is_no_member_any_more_is_let_go_and_dialled_when_it_is_one_again()
    {
        TestNode a = _cluster.Start(1);
        TestNode b = _cluster.Start(2);
        (LinkEnd own, LinkEnd served) = await a.LinkAsync(b);
        _cluster.Leave(2);
        await own.Receiver.ClosedAsync();
        await served.Receiver.ClosedAsync();
        Assert.Null(a.Links.To(b.Number));
        _cluster.Join(2, b.Endpoint);
        Task<LinkEnd> again = a.OwnAsync();
        while (!again.IsCompleted)
        {
            _ = a.Links.To(b.Number);
            await Task.Yield();
        }

        Assert.Equal(b.Number, (await again).Session.Peer);
        Assert.Null(a.Links.To(new NodeNumber(77)));
    }

    [Fact]
    public async Task A_receiver_that_throws_ends_its_session_and_is_logged()
    {
        TestNode a = _cluster.Start(1);
        TestNode b = _cluster.Start(2);
        b.Receiving = (_, _) => new TestReceiver { Taking = (_, _) => throw new InvalidOperationException("a bug") };
        (LinkEnd own, LinkEnd served) = await a.LinkAsync(b);
        own.Session.Post(1, [1]);
        await own.Receiver.ClosedAsync();
        await served.Receiver.ClosedAsync();
        Assert.Contains("a bug", Assert.Single(b.Log.Of(3036)));
        Assert.Equal((1, 1), (own.Receiver.Closings, served.Receiver.Closings));
    }

    [Fact]
    public async Task A_handler_that_throws_ends_the_session_and_the_node_is_dialled_again()
    {
        TestNode a = _cluster.Start(1);
        TestNode b = _cluster.Start(2);
        int calls = 0;
        a.Receiving = (_, _) => calls++ == 0 ? throw new InvalidOperationException("a bug") : new TestReceiver();
        (LinkEnd own, _) = await a.LinkAsync(b);
        Assert.Contains("a bug", Assert.Single(a.Log.Of(3037)));
        Assert.True(own.Session.IsOpen);
    }

    [Fact]
    public async Task Sending_while_sessions_end_never_hangs_and_closes_once()
    {
        TestNode a = _cluster.Start(1);
        for (int round = 0; round < 20; round++)
        {
            TestNode b = _cluster.Start(10 + round, options => options with { StreamWindowBytes = 2000 });
            (LinkEnd own, LinkEnd served) = await a.LinkAsync(b);
            Task[] sending = [.. Enumerable.Range(0, 8).Select(stream => Task.Run(async () =>
            {
                while (await own.Session.SendAsync(stream, new byte[1500], default))
                {
                    served.Session.Post(stream, [1]);
                }
            }))];
            await served.Receiver.NextAsync();
            await b.DisposeAsync();
            _cluster.Leave(10 + round);
            await Task.WhenAll(sending).WaitAsync(TimeSpan.FromMinutes(1));
            await own.Receiver.ClosedAsync();
            await served.Receiver.ClosedAsync();
            Assert.Equal((1, 1, 0, 0), (own.Receiver.Closings, served.Receiver.Closings, own.Receiver.Late, served.Receiver.Late));
        }
    }

    /// <summary>A busy machine may need longer for handshakes, and for what was posted, than a node should wait.</summary>
    private static LinkOptions Unhurried(LinkOptions options) =>
        options with { CloseTime = TimeSpan.FromMinutes(1), HandshakeTime = TimeSpan.FromMinutes(1) };

    private static async Task<Socket> ConnectAsync(TestNode node)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(node.Endpoint);
        return socket;
    }
}
