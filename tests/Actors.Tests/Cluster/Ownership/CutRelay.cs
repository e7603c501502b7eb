using System.Net;
using System.Net.Sockets;

namespace SimplexActors.Actors.Tests.Cluster.Ownership;

/// <summary>Passes on what goes to a port of this machine, until it is told to let nothing through.</summary>
internal sealed class CutRelay : IAsyncDisposable
{
    private readonly int _target;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _pairs = [];
    private readonly Task _accepting;
    private volatile CancellationTokenSource _cut = new();
    private long _left = long.MaxValue;

    public CutRelay(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>From now on nothing passes, and nothing says so: the connections stay open.</summary>
    public void Cut() => _cut.Cancel();

    /// <summary>Of what is sent to the target from now on, only the first bytes arrive; the rest is lost, and nothing says so.</summary>
    public void PassOnly(int bytes) => Interlocked.Exchange(ref _left, bytes);

    /// <summary>New connections pass again.</summary>
    public void Heal() => _cut = new CancellationTokenSource();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_pairs);
        _stop.Dispose();
        _cut.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                _pairs.Add(PassAsync(await _listener.AcceptSocketAsync(_stop.Token)));
            }
            catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                Assert(_stop.IsCancellationRequested);
            }
        }
    }

    private static void Assert(bool isStopping) => Xunit.Assert.True(isStopping, "The relay ended by itself.");

    private async Task PassAsync(Socket near)
    {
        CancellationTokenSource cut = _cut;
        using var far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using (near)
        {
            near.NoDelay = true;
            await far.ConnectAsync(IPAddress.Loopback, _target);
            Task first = await Task.WhenAny(CopyAsync(near, far, Take, cut.Token), CopyAsync(far, near, all => all, cut.Token), Task.Delay(Timeout.Infinite, _stop.Token));
            if (cut.IsCancellationRequested)
            {
                await Task.Delay(Timeout.Infinite, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            await first.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private int Take(int received) => (int)Math.Clamp(Interlocked.Add(ref _left, -received) + received, 0, received);

    private static async Task CopyAsync(Socket from, Socket to, Func<int, int> take, CancellationToken cut)
    {
        byte[] buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, cut) is > 0 and int received && !cut.IsCancellationRequested)
            {
                await to.SendAsync(buffer.AsMemory(0, take(received)), CancellationToken.None);
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // One side is gone: the pair ends.
            return;
        }
    }
}
