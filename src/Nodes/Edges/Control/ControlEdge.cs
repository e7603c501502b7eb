using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using SimplexActors.Actors;
using SimplexActors.Nodes.Edges.Listener;
using SimplexActors.Nodes.Hosting;

namespace SimplexActors.Nodes.Edges.Control;

/// <summary>
/// Where the operator's programs come in: plain TCP on 127.0.0.1 and nowhere else (S-032). Few sessions at a time; every
/// one of them ends when the router stops.
/// </summary>
/// <param name="port">TCP port.</param>
/// <param name="commands">Answers.</param>
/// <param name="passwords">Give roles.</param>
/// <param name="queues">Disposed with the edge.</param>
/// <param name="time">Times silence.</param>
/// <param name="logger">Hears of sessions and commands.</param>
internal sealed class ControlEdge(
    int port, ControlCommands commands, ControlPasswords passwords, QueueOperator queues, TimeProvider time, ILogger logger) : IEdge
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<Task, bool> _sessions = new();
    private Task _accepting = Task.CompletedTask;

    /// <inheritdoc/>
    /// <remarks>None of it is for clients.</remarks>
    public IReadOnlyList<int> Ports => [];

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellation)
    {
        try
        {
            _socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            _socket.Listen(Limits.ControlSessions);
        }
        catch (SocketException e)
        {
            throw new StartException($"control.port {port}: {e.Message}", e);
        }

        ControlLog.Listening(logger, port);
        _accepting = AcceptAsync();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellation)
    {
        await _stopping.CancelAsync();
        _socket.Dispose();
        await _accepting.WaitAsync(cancellation);
        await Task.WhenAll(_sessions.Keys).WaitAsync(cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        _stopping.Dispose();
        queues.Dispose();
    }

    private async Task AcceptAsync()
    {
        int failures = 0;
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                Socket client = await _socket.AcceptAsync(_stopping.Token);
                failures = 0;
                Begin(client);
            }
            catch (Exception e) when (_stopping.IsCancellationRequested && e is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                // The listening socket was closed under the accept: that is how it ends.
                return;
            }
            catch (SocketException e)
            {
                ControlLog.NotAccepted(logger, e.SocketErrorCode);
                failures++;
                await Task.Delay(AcceptRetry.DelayAfter(e.SocketErrorCode, failures), time, _stopping.Token)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void Begin(Socket client)
    {
        if (_sessions.Count >= Limits.ControlSessions)
        {
            ControlLog.TooMany(logger);
            client.Dispose();
            return;
        }

        Task session = ServeAsync(client);
        _sessions.TryAdd(session, true);
        _ = session.ContinueWith(done => _sessions.TryRemove(done, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Serves one session; never fails.</summary>
    private async Task ServeAsync(Socket client)
    {
        try
        {
            await using var stream = new NetworkStream(client, ownsSocket: true);
            await new ControlSession(stream, commands, passwords, time, logger).RunAsync(_stopping.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The client is gone or silent, or the router stops: that is the end of the session and of nothing else.
            client.Dispose();
        }
        catch (Exception e)
        {
            // The session's own fault boundary (O-236).
            ControlLog.Failed(logger, e);
            client.Dispose();
        }
    }
}
