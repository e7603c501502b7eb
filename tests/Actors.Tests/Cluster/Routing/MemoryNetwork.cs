using System.Threading.Channels;
using SimplexActors.Actors.Cluster;
using SimplexActors.Actors.Cluster.Links;

namespace SimplexActors.Actors.Tests.Cluster.Routing;

/// <summary>Links between the nodes of one process, which a test cuts. Every stream is a line of its own, as between real nodes.</summary>
internal sealed class MemoryNetwork
{
    private readonly Dictionary<NodeNumber, ILinkHandler> _handlers = [];
    private readonly Dictionary<(NodeNumber From, NodeNumber To), MemorySession> _sessions = [];
    private readonly Lock _gate = new();

    public void Add(NodeNumber node, ILinkHandler handler) => _handlers[node] = handler;

    public INodeLinks LinksOf(NodeNumber node) => new Links(this, node);

    /// <summary>Ends the session in which one node asks another; the next use opens a new one.</summary>
    public void Cut(NodeNumber from, NodeNumber to)
    {
        MemorySession? session;
        lock (_gate)
        {
            _sessions.Remove((from, to), out session);
        }

        session?.End();
    }

    private MemorySession SessionOf(NodeNumber from, NodeNumber to)
    {
        lock (_gate)
        {
            if (!_sessions.TryGetValue((from, to), out MemorySession? session))
            {
                session = new MemorySession(to);
                var other = new MemorySession(from) { Other = session };
                session.Other = other;
                session.Receiver = _handlers[from].Opened(session, isOwn: true);
                other.Receiver = _handlers[to].Opened(other, isOwn: false);
                _sessions[(from, to)] = session;
            }

            return session;
        }
    }

    private sealed class Links(MemoryNetwork network, NodeNumber self) : INodeLinks
    {
        public ILinkSession To(NodeNumber node) => network.SessionOf(self, node);
    }
}

/// <summary>One end of a session.</summary>
internal sealed class MemorySession(NodeNumber peer) : ILinkSession
{
    private const int Window = 16;

    private readonly Dictionary<int, Channel<byte[]>> _streams = [];
    private readonly Lock _gate = new();
    private volatile bool _isOpen = true;
    private int _isClosed;

    public NodeNumber Peer => peer;

    public ushort Version => 1;

    public bool IsOpen => _isOpen;

    public long PostedBytes => 0;

    public MemorySession? Other { get; set; }

    public ILinkReceiver? Receiver { get; set; }

    public async ValueTask<bool> SendAsync(int stream, ReadOnlyMemory<byte> message, CancellationToken cancellation)
    {
        ChannelWriter<byte[]> line = Other!.Line(stream, bounded: true);
        byte[] copy = message.ToArray();
        while (_isOpen && await line.WaitToWriteAsync(cancellation))
        {
            if (line.TryWrite(copy))
            {
                return true;
            }
        }

        return false;
    }

    public void Post(int stream, ReadOnlySpan<byte> message) => Other!.Line(stream, bounded: false).TryWrite(message.ToArray());

    public void End()
    {
        Close();
        Other!.Close();
    }

    private void Close()
    {
        _isOpen = false;
        lock (_gate)
        {
            foreach (Channel<byte[]> line in _streams.Values)
            {
                line.Writer.TryComplete();
            }
        }

        if (Interlocked.Exchange(ref _isClosed, 1) == 0)
        {
            Receiver!.Closed();
        }
    }

    private ChannelWriter<byte[]> Line(int stream, bool bounded)
    {
        lock (_gate)
        {
            if (!_streams.TryGetValue(stream, out Channel<byte[]>? line))
            {
                line = bounded ? Channel.CreateBounded<byte[]>(Window) : Channel.CreateUnbounded<byte[]>();
                _streams[stream] = line;
                if (!_isOpen)
                {
                    line.Writer.Complete();
                }

                _ = ReceiveAsync(stream, line.Reader);
            }

            return line.Writer;
        }
    }

    private async Task ReceiveAsync(int stream, ChannelReader<byte[]> line)
    {
        await Task.Yield();
        await foreach (byte[] message in line.ReadAllAsync())
        {
            if (!_isOpen)
            {
                return;
            }

            await Receiver!.ReceiveAsync(stream, message);
        }
    }
}
