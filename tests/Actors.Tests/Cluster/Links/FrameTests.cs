using System.Text;
using SimplexActors.Actors.Cluster.Links;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Actors.Tests.Cluster.Links;

/// <summary>What a session makes of the frames of a peer, good and bad ones.</summary>
public sealed class FrameTests
{
    private const int Data = 1, Window = 2, Ping = 3, Pong = 4, GoAway = 5, End = 1, Posted = 2;

    public static TheoryData<byte[], string> BadFrames => new()
    {
        { RawPeer.Frame(0, 0, 0), "a frame of an unknown type" },
        { RawPeer.Frame(6, 0, 0), "a frame of an unknown type" },
        { RawPeer.Frame(Data, End, 1, new byte[LinkLimits.FrameBytes + 1]), "a frame with a bad length" },
        { [0xff, 0xff, 0xff, 0xff, Data, End, 0, 0, 0, 0], "a frame with a bad length" },
        { RawPeer.Frame(Data, 0, 1), "an empty frame" },
        { RawPeer.Frame(Data, 4, 1, 1), "a malformed frame" },
        { RawPeer.Frame(Data, End, -1, 1), "a malformed frame" },
        { RawPeer.Frame(Window, 0, 1, 0, 0, 1), "a malformed frame" },
        { RawPeer.Frame(Window, End, 1, 0, 0, 0, 1), "a malformed frame" },
        { RawPeer.Frame(Window, 0, 1, 0, 0, 0, 1), "a window that nothing was taken for" },
        { RawPeer.Frame(Window, 0, 1, 0xff, 0, 0, 1), "a window that nothing was taken for" },
        { RawPeer.Frame(Window, Posted, 0, 0, 0, 0, 1), "a window that nothing was taken for" },
        { RawPeer.Frame(Ping, 0, 0, 1), "a malformed frame" },
        { RawPeer.Frame(Pong, 0, 1), "a malformed frame" },
        { RawPeer.Frame(GoAway, 0, 0, new byte[LinkLimits.ReasonBytes + 1]), "a malformed frame" },
        { [.. RawPeer.Frame(Data, 0, 1, 1), .. RawPeer.Frame(Data, End | Posted, 1, 1)], "a message that is posted in part" },
        { [.. Enumerable.Range(0, (LinkLimits.MessageBytes / LinkLimits.FrameBytes) + 1).SelectMany(_ => RawPeer.Frame(Data, 0, 1, new byte[LinkLimits.FrameBytes]))], "a message that is too long" },
        { [.. Enumerable.Range(0, LinkLimits.StreamsPerSession + 1).SelectMany(stream => RawPeer.Frame(Data, End, stream))], "too many streams" },
    };

    [Theory]
    [MemberData(nameof(BadFrames))]
    public async Task A_bad_frame_ends_the_session_with_its_reason(byte[] frame, string problem)
    {
        await using RawPeer peer = await RawPeer.StartAsync();
        await peer.TrySendAsync(frame);
        await peer.Receiver.ClosedAsync();
        Assert.Contains($"the peer sent {problem}", Assert.Single(peer.Log.Of(3032)));
        Assert.Equal((1, 0), (peer.Receiver.Closings, peer.Receiver.Late));
    }

    [Theory]
    [InlineData(0, "more than the window of a stream")]
    [InlineData(Posted, "more posted messages than it may leave")]
    public async Task A_peer_that_ignores_what_it_may_send_is_ended_and_memory_has_a_bound(int marks, string problem)
    {
        await using RawPeer peer = await RawPeer.StartAsync(
            options => options with { StreamWindowBytes = 50_000, PostedBytes = 50_000 },
            (_, _) => new ValueTask(Task.Delay(Timeout.Infinite)));
        int sent = 0;
        while (sent < 1000 && await peer.TrySendAsync(RawPeer.Frame(Data, marks | End, 1, new byte[1000])))
        {
            sent++;
        }

        await peer.Receiver.ClosedAsync();
        Assert.Contains($"the peer sent {problem}", Assert.Single(peer.Log.Of(3032)));
    }

    [Fact]
    public async Task A_ping_is_answered_and_a_silent_peer_is_pinged_until_it_is_given_up()
    {
        var time = new ManualTimeProvider();
        await using RawPeer peer = await RawPeer.StartAsync(options => options with { Time = time });
        await peer.TrySendAsync(RawPeer.Frame(Ping, 0, 0));
        Assert.Equal(FrameType.Pong, (await peer.ReadAsync()).Header.Type);
        for (int i = 0; i < 10; i++)
        {
            time.Advance(TimeSpan.FromSeconds(1.5));
            Assert.Equal(FrameType.Ping, (await peer.ReadAsync()).Header.Type);
            await peer.TrySendAsync((byte[])[.. RawPeer.Frame(Pong, 0, 0), .. RawPeer.Frame(Data, End, 1)]);
            await peer.Receiver.NextAsync();
        }

        Assert.True(peer.Session.IsOpen);
        time.Advance(TimeSpan.FromSeconds(6));
        await peer.Receiver.ClosedAsync();
        Assert.Contains("for 5 s", Assert.Single(peer.Log.Of(3032)));
    }

    [Fact]
    public async Task A_peer_that_says_goodbye_has_its_messages_handed_out_first()
    {
        var held = new TaskCompletionSource();
        await using RawPeer peer = await RawPeer.StartAsync(options => options with { CloseTime = TimeSpan.FromMinutes(1) }, (_, _) => new ValueTask(held.Task));
        await peer.TrySendAsync((byte[])[.. RawPeer.Frame(Data, End, 1, 1), .. RawPeer.Frame(Data, End, 1, 2), .. RawPeer.Frame(GoAway, 0, 0, [.. Encoding.ASCII.GetBytes("enough\n")]), .. RawPeer.Frame(Data, End, 1, 3)]);
        await peer.Log.NextAsync(3032, "the peer closed it: enough?");
        Assert.Equal((false, 0), (peer.Session.IsOpen, peer.Receiver.Closings));
        held.SetResult();
        await peer.Receiver.ClosedAsync();
        Assert.Equal([1], (await peer.Receiver.NextAsync()).Message);
        Assert.Equal([2], (await peer.Receiver.NextAsync()).Message);
        Assert.Equal((false, 1, 0), (peer.Receiver.HasMore, peer.Receiver.Closings, peer.Receiver.Late));
    }

    [Fact]
    public async Task Goodbye_is_the_last_frame_of_a_session_that_is_closed()
    {
        await using RawPeer peer = await RawPeer.StartAsync();
        peer.Session.Post(5, new byte[20_000]);
        Task closing = peer.Session.CloseAsync("enough");
        Assert.Equal((FrameType.Data, FrameMarks.Posted), Of((await peer.ReadAsync()).Header));
        Assert.Equal((FrameType.Data, FrameMarks.Posted | FrameMarks.End), Of((await peer.ReadAsync()).Header));
        (FrameHeader header, byte[] reason) = await peer.ReadAsync();
        Assert.Equal((FrameType.GoAway, "enough"), (header.Type, Encoding.ASCII.GetString(reason)));
        await Assert.ThrowsAsync<EndOfStreamException>(peer.ReadAsync);
        peer.Close();
        await closing;
        Assert.Equal(1, peer.Receiver.Closings);

        static (FrameType, FrameMarks) Of(FrameHeader header) => (header.Type, header.Marks);
    }

    [Fact]
    public async Task Whatever_bytes_come_the_session_goes_on_or_ends_once_and_nothing_throws()
    {
        for (int seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            await using RawPeer peer = await RawPeer.StartAsync(options => options with { StreamWindowBytes = 4000, PostedBytes = 20_000 });
            peer.Session.Post(1, new byte[2000]);
            await peer.TrySendAsync(seed % 3 == 0 ? RandomBytes(random, 2000) : MutatedFrames(random));
            peer.Close();
            await peer.Receiver.ClosedAsync();
            await peer.Session.Over;
            Assert.Equal((1, 0), (peer.Receiver.Closings, peer.Receiver.Late));
            Assert.Empty(peer.Log.Of(3036).Concat(peer.Log.Of(3042)));
            Assert.Single(peer.Log.Of(3032));
        }
    }

    private static byte[] RandomBytes(Random random, int length)
    {
        byte[] bytes = new byte[random.Next(length)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static byte[] MutatedFrames(Random random)
    {
        byte[] bytes = [.. Enumerable.Range(0, random.Next(1, 40)).SelectMany(_ => random.Next(8) switch
        {
            0 => RawPeer.Frame(Ping, 0, 0),
            1 => RawPeer.Frame(Window, Posted, 0, 0, 0, 0, (byte)random.Next(1, 100)),
            2 => RawPeer.Frame(Pong, 0, 0),
            3 => RawPeer.Frame(Data, Posted | End, random.Next(4), RandomBytes(random, 900)),
            _ => RawPeer.Frame(Data, random.Next(2), random.Next(4), [1, .. RandomBytes(random, 900)]),
        })];
        for (int i = random.Next(4); i > 0; i--)
        {
            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
        }

        return bytes[..random.Next(bytes.Length + 1)];
    }
}
