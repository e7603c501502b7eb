using System.Net;
using System.Net.Sockets;

namespace SimplexActors.Actors.Tests.Cluster.Links;

/// <summary>A cable between two nodes that can be cut: nothing passes any more, and no end is told.</summary>
internal sealed class TestProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly IPEndPoint _target;
    private readonly Task _accepting;
    private readonly List<Task> _copying = [];
    private volatile bool _isCut;

    public TestProxy(IPEndPoint target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public IPEndPoint Endpoint => (IPEndPoint)_listener.LocalEndpoint;

    /// <summary>From now on nothing passes.</summary>
    public void Cut() => _isCut = true;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Stop();
        await Task.WhenAll(_copying);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket near = await _listener.AcceptSocketAsync(_stop.Token);
                var far = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await far.ConnectAsync(_target, _stop.Token);
                _copying.Add(CopyAsync(near, far));
                _copying.Add(CopyAsync(far, near));
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task CopyAsync(Socket from, Socket to)
    {
        byte[] buffer = new byte[64 * 1024];
        try
        {
            int read;
            while (!_isCut && (read = await from.ReceiveAsync(buffer, _stop.Token)) > 0)
            {
                if (!_isCut)
                {
                    await to.SendAsync(buffer.AsMemory(0, read), _stop.Token);
                }
            }

        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // An end is gone, or the test is over.
        }

        if (_isCut)
        {
            await Task.Delay(Timeout.Infinite, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        from.Dispose();
        to.Dispose();
    }
}
