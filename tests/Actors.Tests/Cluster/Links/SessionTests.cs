using SimplexActors.Actors.Cluster.Links;
using Xunit;

namespace SimplexActors.Actors.Tests.Cluster.Links;

/// <summary>Messages over a session between two nodes.</summary>
public sealed class SessionTests : IAsyncDisposable
{
    private readonly TestCluster _cluster = new();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Messages_of_a_stream_arrive_whole_once_and_in_order_both_ways()
    {
        (LinkEnd own, LinkEnd served) = await _cluster.Start(1).LinkAsync(_cluster.Start(2));
        var random = new Random(1);
        byte[][] messages = [.. Enumerable.Range(0, 500).Select(i => Body(random, i % 50 == 0 ? random.Next(200_000) : random.Next(400)))];
        foreach ((LinkEnd from, LinkEnd to) in new[] { (own, served), (served, own) })
        {
            Task sending = Task.Run(async () =>
            {
                for (int i = 0; i < messages.Length; i++)
                {
                    if (i % 3 == 0)
                    {
                        from.Session.Post(7, messages[i]);
                    }
                    else
                    {
                        Assert.True(await from.Session.SendAsync(7, messages[i], default));
                    }
                }
            });
            foreach (byte[] message in messages)
            {
                (int stream, byte[] arrived) = await to.Receiver.NextAsync();
                Assert.Equal((7, true), (stream, message.AsSpan().SequenceEqual(arrived)));
            }

            await sending;
            Assert.False(to.Receiver.HasMore);
        }
    }

    [Fact]
    public async Task Both_ends_know_each_other_and_the_dialling_node_finds_its_session()
    {
        TestNode a = _cluster.Start(1);
        TestNode b = _cluster.Start(2);
        (LinkEnd own, LinkEnd served) = await a.LinkAsync(b);
        Assert.Equal((b.Number, (ushort)1, true), (own.Session.Peer, own.Session.Version, own.Session.IsOpen));
        Assert.Equal((a.Number, (ushort)1, true), (served.Session.Peer, served.Session.Version, served.Session.IsOpen));
        await served.Session.SendAsync(1, "x"u8.ToArray(), default);
        await own.Receiver.NextAsync();

        // It can be found only after its handler has returned, which may be later than its first message.
        ILinkSession? found;
        while ((found = a.Links.To(b.Number)) is null)
        {
            await Task.Yield();
        }

        Assert.Same(own.Session, found);
        Assert.Null(b.Links.To(a.Number));
        Assert.NotSame(served.Session, (await b.OwnAsync()).Session);
    }

    [Fact]
    public async Task The_largest_and_the_empty_message_arrive_and_a_larger_one_is_a_bug()
    {
        (LinkEnd own, LinkEnd served) = await _cluster.Start(1).LinkAsync(_cluster.Start(2));
        byte[] largest = Body(new Random(2), LinkLimits.MessageBytes);
        Assert.True(await own.Session.SendAsync(1, largest, default));
        Assert.True(await own.Session.SendAsync(2, ReadOnlyMemory<byte>.Empty, default));
        own.Session.Post(1, largest);
        var arrived = new List<(int Stream, byte[] Message)> { await served.Receiver.NextAsync(), await served.Receiver.NextAsync(), await served.Receiver.NextAsync() };
        Assert.Equal(2, arrived.Count(message => message.Stream == 1 && message.Message.AsSpan().SequenceEqual(largest)));
        Assert.Single(arrived, message => message is { Stream: 2, Message: [] });
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await own.Session.SendAsync(1, new byte[LinkLimits.MessageBytes + 1], default));
        Assert.Throws<ArgumentOutOfRangeException>(() => own.Session.Post(-1, []));
        Assert.True(own.Session.IsOpen);
    }

    [Fact]
    public async Task A_large_message_lets_small_ones_of_other_streams_pass()
    {
        TestNode a = _cluster.Start(1);
        TestNode b = _cluster.Start(2);

        // What is sent before the session starts leaves together, so that the order is that of the frames.
        a.Receiving = (session, _) =>
        {
            session.Post(1, new byte[LinkLimits.MessageBytes]);
            for (int stream = 2; stream < 10; stream++)
            {
                session.Post(stream, new byte[100]);
            }

            return new TestReceiver();
        };
        (_, LinkEnd served) = await a.LinkAsync(b);
        var order = new List<int>();
        for (int i = 1; i < 10; i++)
        {
            order.Add((await served.Receiver.NextAsync()).Stream);
        }

        Assert.Equal([2, 3, 4, 5, 6, 7, 8, 9, 1], order);
    }

    [Fact]
    public async Task Many_streams_at_once_lose_and_mix_nothing()
    {
        TestNode a = _cluster.Start(1);
        TestNode b = _cluster.Start(2);
        b.Receiving = (session, isOwn) => new TestReceiver
        {
            Taking = async (stream, message) =>
            {
                if (stream % 2 == 0)
                {
                    await Task.Yield();
                }

                session.Post(stream, message.Span);
            },
        };
        (LinkEnd own, _) = await a.LinkAsync(b);
        const int streams = 300;
        const int messages = 20;
        Task[] sending = [.. Enumerable.Range(0, streams).Select(stream => Task.Run(async () =>
        {
            for (int i = 0; i < messages; i++)
            {
                Assert.True(await own.Session.SendAsync((3 << 16) | stream, BitConverter.GetBytes(i), default));
            }
        }))];
        int[] next = new int[streams];
        for (int i = 0; i < streams * messages; i++)
        {
            (int stream, byte[] message) = await own.Receiver.NextAsync();
            Assert.Equal(next[stream & 0xffff]++, BitConverter.ToInt32(message));
        }

        await Task.WhenAll(sending);
    }

    private static byte[] Body(Random random, int length)
    {
        byte[] body = new byte[length];
        random.NextBytes(body);
        return body;
    }
}
