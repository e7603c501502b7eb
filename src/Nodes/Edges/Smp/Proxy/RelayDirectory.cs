using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using SimplexActors.Actors;
using SimplexActors.Client;
using SimplexActors.Protocol.Addresses;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Errors;

namespace SimplexActors.Nodes.Edges.Smp.Proxy;

/// <summary>
/// The relays of all clients, by address (S-338). A relay is unknown, being connected to, connected or failed. Clients share
/// its connections, which are few and carry many commands at once; a further one opens when all have enough to do, so that
/// no client waits behind all others (S-490). What nobody uses is closed, and how much there may be is bounded (S-489).
/// </summary>
internal sealed class RelayDirectory : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<RouterAddress, Relay> _relays = [];
    private readonly ConcurrentDictionary<EntityId, RelayConnection> _sessions = new();
    private readonly ProxyOptions _options;
    private readonly OwnRelays _own;
    private readonly RelayDialer _dialer;
    private readonly SmpClientOptions _client;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ITimer _sweep;
    private int _attempts;
    private bool _stopped;

    /// <summary>An empty directory.</summary>
    /// <param name="options">The operator's.</param>
    /// <param name="own">Relays that are told apart in the log.</param>
    /// <param name="time">The router's clock.</param>
    /// <param name="logger">Tells of relays that come and go, without naming them.</param>
    public RelayDirectory(ProxyOptions options, OwnRelays own, TimeProvider time, ILogger logger)
    {
        (_options, _own, _time, _logger) = (options, own, time, logger);
        _dialer = new RelayDialer(options);
        _client = new SmpClientOptions
        {
            ProxyServer = true,
            ConnectTimeout = options.ConnectTimeout,
            ResponseTimeout = options.ResponseTimeout,
            Dial = _dialer.DialAsync,
            Time = time,
        };
        _sweep = time.CreateTimer(static directory => ((RelayDirectory)directory!).Sweep(), this, Limits.RelaySweepInterval, Limits.RelaySweepInterval);
    }

    /// <summary>The connection of a session; null when it is over (S-344).</summary>
    public RelayConnection? Find(in EntityId sessionId) => _sessions.GetValueOrDefault(sessionId) is { IsOver: false } open ? open : null;

    /// <summary>A connection to a relay; waits while it is being made.</summary>
    /// <param name="address">Hosts, port and fingerprint; no password.</param>
    /// <param name="cancellation">The client is gone.</param>
    public async Task<RelayOutcome> GetAsync(RouterAddress address, CancellationToken cancellation)
    {
        RelayAttempt attempt;
        bool isFirst;
        lock (_gate)
        {
            if (TryGet(address, out Relay? relay) is { } known)
            {
                return known;
            }

            isFirst = relay!.Attempt is null;
            attempt = relay.Attempt ?? Start(relay);
            attempt.Waiters++;
        }

        try
        {
            // The first one waits as long as the attempt, which ends by itself.
            return await attempt.Outcome.WaitAsync(isFirst ? Timeout.InfiniteTimeSpan : _options.ConnectTimeout, _time, cancellation);
        }
        catch (TimeoutException)
        {
            return ProxyErrors.Timeout;
        }
        finally
        {
            Leave(address, attempt);
        }
    }

    /// <summary>True for a relay of this router's operator.</summary>
    public bool IsOwn(RouterAddress relay) => _own.Contains(relay);

    /// <summary>Ends all attempts and closes all connections.</summary>
    public async ValueTask DisposeAsync()
    {
        await _sweep.DisposeAsync();
        RelayConnection[] connections;
        lock (_gate)
        {
            _stopped = true;
            connections = [.. _relays.Values.SelectMany(relay => relay.Connections)];
            foreach (Relay relay in _relays.Values)
            {
                relay.Attempt?.Abandon();
            }
        }

        await Task.WhenAll(connections.Select(connection => connection.DisposeAsync().AsTask()));
        _dialer.Dispose();
    }

    /// <summary>What is known at once; null, with the relay, when it has to be connected to.</summary>
    private RelayOutcome? TryGet(RouterAddress address, out Relay? relay)
    {
        if (!_relays.TryGetValue(address, out relay))
        {
            if (_stopped || !HasRoom())
            {
                return ProxyErrors.Network;
            }

            relay = new Relay(address, _time);
            _relays.Add(address, relay);
        }

        if (relay.LeastBusy() is { } connection)
        {
            if (relay.WantsAnother() && _attempts < Limits.RelayAttempts && relay.FailureWithin(_options.FailureTime) is null)
            {
                Start(relay);
            }

            connection.Use();
            return connection;
        }

        if (relay.FailureWithin(_options.FailureTime) is { } failure)
        {
            return failure;
        }

        bool mayStart = relay.Attempt is not null || (!_stopped && _attempts < Limits.RelayAttempts);
        return mayStart ? null : (RelayOutcome)ProxyErrors.Network;
    }

    /// <summary>Makes room for another relay by forgetting failures early.</summary>
    private bool HasRoom()
    {
        if (_relays.Count >= Limits.Relays)
        {
            Forget(TimeSpan.Zero);
        }

        return _relays.Count < Limits.Relays;
    }

    private void Forget(TimeSpan failureCounts)
    {
        foreach (Relay relay in _relays.Values)
        {
            if (relay.IsForgettable(failureCounts))
            {
                _relays.Remove(relay.Address);
            }
        }
    }

    private RelayAttempt Start(Relay relay)
    {
        var attempt = new RelayAttempt();
        relay.Attempt = attempt;
        _attempts++;
        attempt.Begin(begun => ConnectAsync(relay, begun));
        return attempt;
    }

    private async Task<RelayOutcome> ConnectAsync(Relay relay, RelayAttempt attempt)
    {
        // Not under the caller's lock.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        RelayOutcome outcome;
        try
        {
            SmpClient client = await SmpClient.ConnectAsync(relay.Address, _client, attempt.Abandoned);
            outcome = new RelayConnection(client, IsOwn(relay.Address), _time);
        }
        catch (SmpException failure)
        {
            outcome = ProxyErrors.Of(failure.Failure);
        }
        catch (OperationCanceledException) when (attempt.Abandoned.IsCancellationRequested)
        {
            outcome = ProxyErrors.Network;
        }
        catch (Exception fault)
        {
            // The attempt's own fault boundary: whatever it is fails this relay for a while and nothing else.
            ProxyLog.RelayFault(_logger, fault);
            outcome = SmpError.Internal;
        }

        return await FinishAsync(relay, attempt, outcome);
    }

    private async Task<RelayOutcome> FinishAsync(Relay relay, RelayAttempt attempt, RelayOutcome outcome)
    {
        bool isWanted;
        lock (_gate)
        {
            _attempts--;
            isWanted = relay.Attempt == attempt && !_stopped;
            if (isWanted)
            {
                relay.Attempt = null;
                Take(relay, outcome);
            }
        }

        attempt.Dispose();
        if (outcome.Connection is { } connection)
        {
            if (!isWanted)
            {
                await connection.DisposeAsync();
                return ProxyErrors.Network;
            }

            _ = WatchAsync(relay, connection);
        }

        return outcome;
    }

    private void Take(Relay relay, RelayOutcome outcome)
    {
        if (outcome.Connection is { } connection)
        {
            relay.Succeed();
            relay.Connections.Add(connection);
            _sessions[connection.SessionId] = connection;
            ProxyLog.Connected(_logger, IsOwn(relay.Address));
        }
        else
        {
            relay.Fail(outcome.Error!);
            ProxyLog.NotConnected(_logger, IsOwn(relay.Address), SmpErrorText.Of(outcome.Error!));
        }
    }

    /// <summary>Lets go of a connection when it ends, whoever ended it.</summary>
    private async Task WatchAsync(Relay relay, RelayConnection connection)
    {
        await connection.EndAsync();
        lock (_gate)
        {
            relay.Connections.Remove(connection);
            _sessions.TryRemove(KeyValuePair.Create(connection.SessionId, connection));
        }

        ProxyLog.Disconnected(_logger, IsOwn(relay.Address));
        await connection.DisposeAsync();
    }

    /// <summary>One who waited has its answer or left; an attempt that nobody waits for any more ends.</summary>
    private void Leave(RouterAddress address, RelayAttempt attempt)
    {
        lock (_gate)
        {
            if (--attempt.Waiters == 0 && _relays.TryGetValue(address, out Relay? relay) && relay.Attempt == attempt)
            {
                relay.Attempt = null;
                attempt.Abandon();
            }
        }
    }

    private void Sweep()
    {
        RelayConnection[] idle;
        lock (_gate)
        {
            Forget(_options.FailureTime);
            idle = [.. _relays.Values.SelectMany(relay => relay.Connections).Where(connection => connection.Silence >= _options.IdleTime)];
        }

        foreach (RelayConnection connection in idle)
        {
            _ = connection.DisposeAsync().AsTask();
        }
    }
}
