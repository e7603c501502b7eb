using System.Net;
using System.Threading.Channels;
using SimplexActors.Actors.Cluster;
using SimplexActors.Actors.Cluster.Links;
using Xunit;

namespace SimplexActors.Actors.Tests.Cluster.Links;

/// <summary>A node that has nothing but links.</summary>
internal sealed class TestNode : ILinkHandler, IAsyncDisposable
{
    private readonly Channel<LinkEnd> _own = Channel.CreateUnbounded<LinkEnd>();
    private readonly Channel<LinkEnd> _served = Channel.CreateUnbounded<LinkEnd>();

    public TestNode(NodeNumber number, LinkOptions options, INodeAddresses addresses)
    {
        Number = number;
        Links = new NodeLinks(options, addresses, Log);
        Endpoint = Links.Bind();
        Links.Start(() => number, this);
    }

    public NodeNumber Number { get; }

    public NodeLinks Links { get; }

    public LinkLogger Log { get; } = new();

    public IPEndPoint Endpoint { get; }

    /// <summary>Makes the receiver of a session.</summary>
    public Func<ILinkSession, bool, TestReceiver> Receiving { get; set; } = (_, _) => new TestReceiver();

    /// <summary>The next session that this node dialled.</summary>
    public async Task<LinkEnd> OwnAsync() => await _own.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(1));

    /// <summary>The next session that another node dialled.</summary>
    public async Task<LinkEnd> ServedAsync() => await _served.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(1));

    /// <summary>Dials another node and gives both ends.</summary>
    public async Task<(LinkEnd Own, LinkEnd Served)> LinkAsync(TestNode to)
    {
        Assert.Null(Links.To(to.Number));
        return (await OwnAsync(), await to.ServedAsync());
    }

    public ILinkReceiver Opened(ILinkSession session, bool isOwn)
    {
        TestReceiver receiver = Receiving(session, isOwn);
        (isOwn ? _own : _served).Writer.TryWrite(new LinkEnd(session, receiver));
        return receiver;
    }

    public ValueTask DisposeAsync() => Links.DisposeAsync();
}

/// <summary>One end of a session.</summary>
internal sealed record LinkEnd(ILinkSession Session, TestReceiver Receiver);
