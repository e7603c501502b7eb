using System.Net;
using System.Net.Sockets;

namespace SimplexActors.Cluster.Network;

/// <summary>
/// A stretch of network: leads connections on. Held it carries nothing in either direction and closes nothing, as when packets
/// are lost; released it carries what it held back, late.
/// </summary>
internal sealed class TcpRelay : IAsyncDisposable
{
    private const int BufferBytes = 64 * 1024;

    private readonly TcpListener _listener;
    private readonly Func<IPEndPoint> _target;
    private readonly Func<IPEndPoint, string?> _nameOf;
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _gate = new();
    private readonly HashSet<string?> _held = [];
    private readonly HashSet<Task> _connections = [];
    private readonly Task _accepting;
    private bool _isHeld;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Begins to listen.</summary>
    /// <param name="listen">Where; port 0 lets the system choose.</param>
    /// <param name="target">Where the next connection leads to.</param>
    /// <param name="nameOf">Who connects from an address; null: nobody asks.</param>
    public TcpRelay(IPEndPoint listen, Func<IPEndPoint> target, Func<IPEndPoint, string?>? nameOf = null)
    {
        _listener = new TcpListener(listen);
        _target = target;
        _nameOf = nameOf ?? (static _ => null);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Carries nothing from now on.</summary>
    public void Hold() => Change(() => _isHeld = true);

    /// <summary>Carries nothing of the connections of one who connects.</summary>
    public void Hold(string name) => Change(() => _held.Add(name));

    /// <summary>Carries everything again.</summary>
    public void Release() => Change(() =>
    {
        _isHeld = false;
        _held.Clear();
    });

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _accepting;
        _listener.Dispose();
        Task[] left;
        lock (_gate)
        {
            left = [.. _connections];
        }

        await Task.WhenAll(left);
        _end.Dispose();
    }

    private void Change(Action change)
    {
        TaskCompletionSource before;
        lock (_gate)
        {
            change();
            before = _changed;
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        before.SetResult();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket client = await _listener.AcceptSocketAsync(_end.Token);
                Task task = CarryAsync(client);
                lock (_gate)
                {
                    _connections.RemoveWhere(done => done.IsCompleted);
                    _connections.Add(task);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task CarryAsync(Socket client)
    {
        using (client)
        using (var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true })
        {
            try
            {
                client.NoDelay = true;
                string? name = _nameOf((IPEndPoint)client.RemoteEndPoint!);
                await WaitUntilOpenAsync(name);
                await server.ConnectAsync(_target(), _end.Token);
                await await Task.WhenAny(CopyAsync(client, server, name), CopyAsync(server, client, name));
            }
            catch (Exception over) when (over is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // One side is gone or the test is over; both ends are closed.
            }
        }
    }

    private async Task CopyAsync(Socket from, Socket to, string? name)
    {
        // The other direction may end first and close both.
        byte[] buffer = new byte[BufferBytes];
        int length;
        do
        {
            length = await from.ReceiveAsync(buffer, _end.Token);
            await WaitUntilOpenAsync(name);
            for (int sent = 0; sent < length;)
            {
                sent += await to.SendAsync(buffer.AsMemory(sent, length - sent), _end.Token);
            }
        }
        while (length > 0);
    }

    private async Task WaitUntilOpenAsync(string? name)
    {
        while (true)
        {
            Task change;
            lock (_gate)
            {
                if (!_isHeld && !_held.Contains(name))
                {
                    return;
                }

                change = _changed.Task;
            }

            await change.WaitAsync(_end.Token);
        }
    }
}
