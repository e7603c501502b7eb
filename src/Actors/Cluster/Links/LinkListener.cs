using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using SimplexActors.Actors.Engine;

namespace SimplexActors.Actors.Cluster.Links;

/// <summary>Takes the sessions of nodes that dialled. A node has one here: that of the connection it made last.</summary>
internal sealed class LinkListener(Socket socket, LinkOpener opener, LinkOptions options, RefusalLog refusals, ILogger logger) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _handshakes = new(LinkLimits.IncomingHandshakes);
    private readonly ConcurrentDictionary<NodeNumber, (long Connection, LinkSession Session)> _sessions = new();
    private readonly ConcurrentDictionary<Task, bool> _running = new();
    private readonly LogThrottle _strangers = new(options.Time, LinkLimits.StrangerLogInterval);
    private Task _accepting = Task.CompletedTask;

    /// <summary>Opens the port.</summary>
    /// <exception cref="SocketException">It cannot be opened.</exception>
    public static Socket Bind(IPEndPoint endpoint)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (endpoint.Address.Equals(IPAddress.IPv6Any))
            {
                // All addresses, those of IPv4 too.
                socket.DualMode = true;
            }

            socket.Bind(endpoint);
            socket.Listen(LinkLimits.Backlog);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Begins to take sessions.</summary>
    public void Start() => _accepting = AcceptAsync();

    /// <summary>Closes the port and all sessions in order.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        socket.Dispose();
        await _accepting;
        await Task.WhenAll(_running.Keys);
        _stop.Dispose();
        _handshakes.Dispose();
    }

    private async Task AcceptAsync()
    {
        for (long connection = 0; !_stop.IsCancellationRequested; connection++)
        {
            bool isIn = false;
            try
            {
                await _handshakes.WaitAsync(_stop.Token);
                isIn = true;
                Task task = ServeAsync(await socket.AcceptAsync(_stop.Token), connection);
                isIn = false;
                _running[task] = true;
                _ = task.ContinueWith(static (done, running) => ((ConcurrentDictionary<Task, bool>)running!).TryRemove(done, out _), _running, TaskScheduler.Default);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException || _stop.IsCancellationRequested)
            {
                return;
            }
            catch (SocketException e)
            {
                if (_strangers.TryEnter(out long suppressed))
                {
                    LinkLog.AcceptFailed(logger, LinkFailure.Describe(e), suppressed);
                }

                await Task.Delay(LinkLimits.AcceptRetry, options.Time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            finally
            {
                if (isIn)
                {
                    _handshakes.Release();
                }
            }
        }
    }

    private async Task ServeAsync(Socket accepted, long connection)
    {
        // The next connection is accepted meanwhile.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        if (await OpenAsync(accepted) is not { } session)
        {
            return;
        }

        // Its handshake may have taken longer than that of a connection which the node made later.
        (long Connection, LinkSession Session) own = (connection, session);
        LinkSession? surplus = null;
        _sessions.AddOrUpdate(
            session.Peer,
            _ =>
            {
                surplus = null;
                return own;
            },
            (_, present) =>
            {
                bool isLater = connection > present.Connection;
                surplus = isLater ? present.Session : session;
                return isLater ? own : present;
            });
        surplus?.End("the node dialled anew");
        using CancellationTokenRegistration stopping = _stop.Token.UnsafeRegister(static it => _ = ((LinkSession)it!).CloseAsync("the node stops"), session);
        await session.Over;
        _sessions.TryRemove(KeyValuePair.Create(session.Peer, own));
    }

    private async Task<LinkSession?> OpenAsync(Socket accepted)
    {
        try
        {
            (LinkSession? session, LinkAgreement agreement) = await opener.OpenAsync(accepted, NodeNumber.None, _stop.Token);
            if (session is not null)
            {
                refusals.Forget(session.Peer, isOwn: false);
            }
            else if (agreement.Peer.IsNone)
            {
                LogStranger(agreement.Refusal!);
            }
            else
            {
                refusals.Refused(agreement.Peer, agreement.Refusal!);
            }

            return session;
        }
        catch (Exception e)
        {
            // Who it was is not known: it could be anybody.
            LogStranger(LinkFailure.Describe(e));
            return null;
        }
        finally
        {
            _handshakes.Release();
        }
    }

    private void LogStranger(string reason)
    {
        if (!_stop.IsCancellationRequested && _strangers.TryEnter(out long suppressed))
        {
            LinkLog.Stranger(logger, reason, suppressed);
        }
    }
}
