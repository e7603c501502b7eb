using Microsoft.Extensions.Logging;
using SimplexActors.Actors;
using SimplexActors.Actors.Engine;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Nodes.Names;

/// <summary>
/// Resolves names for <c>RSLV</c>, its own clients' and forwarded ones alike: one request to the resolver per lookup, nothing cached
/// (S-361). No more lookups run than configured; those that wait for a place are bounded in number and in time, so that a slow resolver
/// costs neither memory nor the clients' patience.
/// </summary>
internal sealed class NameResolver : IAsyncDisposable
{
    private const int Well = 1, Unwell = 2;

    private readonly ResolverOptions _options;
    private readonly ResolverClient _client;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly LogThrottle _faults;
    private readonly SemaphoreSlim _places;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _probe;
    private int _waiting;
    private int _fails;
    private int _health;

    /// <summary>Ready at once; asks the resolver how it is meanwhile (<see cref="CheckHealthAsync"/>).</summary>
    public NameResolver(ResolverOptions options, TimeProvider time, ILogger logger)
    {
        (_options, _time, _logger) = (options, time, logger);
        _client = new ResolverClient(options);
        _faults = new LogThrottle(time, Limits.FaultLogInterval);
        _places = new SemaphoreSlim(options.Concurrency);
        _probe = CheckHealthAsync(CancellationToken.None);
    }

    /// <summary>Lookups that wait for a place.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Completes when the resolver was asked how it is.</summary>
    public Task Probed => _probe;

    /// <summary>The answer to <c>RSLV</c>: <c>RNAME</c> or an error, in at most twice the configured time.</summary>
    /// <param name="name">As validated and lower-cased (S-364).</param>
    /// <param name="cancellation">The client is gone.</param>
    /// <exception cref="OperationCanceledException">The client is gone or the node stops.</exception>
    public async Task<SmpResponse> ResolveAsync(string name, CancellationToken cancellation)
    {
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _stopping.Token);
        if (await EnterAsync(gone.Token) is { } refusal)
        {
            return refusal;
        }

        try
        {
            SmpResponse answer = await AskAsync(_options.Endpoint.Resolve(name), gone.Token);
            Watch(answer);
            return answer;
        }
        finally
        {
            _places.Release();
        }
    }

    /// <summary>Ends the lookups and closes all connections.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _probe;
        _client.Dispose();
    }

    /// <summary>Asks the resolver how it is, for the log only (S-363), which is told when that changes.</summary>
    public async Task CheckHealthAsync(CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(_options.Timeout, _time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation, _stopping.Token);
        string? problem;
        try
        {
            ResolverResponse response = await _client.GetAsync(_options.Endpoint.Health, ending.Token);
            problem = response.Status < 400 ? null : $"HTTP {response.Status}";
        }
        catch (OperationCanceledException) when (!patience.IsCancellationRequested)
        {
            return;
        }
        catch (OperationCanceledException)
        {
            problem = "no answer in time";
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            problem = e.Message;
        }

        if (problem is null && Interlocked.Exchange(ref _health, Well) != Well)
        {
            NamesLog.Healthy(_logger);
        }
        else if (problem is not null && Interlocked.Exchange(ref _health, Unwell) != Unwell)
        {
            NamesLog.Unhealthy(_logger, problem);
        }
    }

    /// <summary>Takes a place; null when there is one, else what to answer.</summary>
    private async Task<SmpResponse?> EnterAsync(CancellationToken gone)
    {
        if (Interlocked.Increment(ref _waiting) > Limits.WaitingNameLookups)
        {
            Interlocked.Decrement(ref _waiting);
            return NameAnswers.Busy;
        }

        using var patience = new CancellationTokenSource(_options.Timeout, _time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, gone);
        try
        {
            await _places.WaitAsync(ending.Token);
            return null;
        }
        catch (OperationCanceledException) when (!gone.IsCancellationRequested)
        {
            return NameAnswers.Timeout;
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private async Task<SmpResponse> AskAsync(Uri address, CancellationToken gone)
    {
        using var patience = new CancellationTokenSource(_options.Timeout, _time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, gone);
        try
        {
            return NameAnswers.Of(await _client.GetAsync(address, ending.Token));
        }
        catch (OperationCanceledException) when (!gone.IsCancellationRequested)
        {
            return NameAnswers.Timeout;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return NameAnswers.TransportFailure;
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            // Whatever it is, it is the answer to this lookup and to no other (S-362).
            if (_faults.TryEnter(out long suppressed))
            {
                NamesLog.Fault(_logger, suppressed, fault);
            }

            return NameAnswers.Fault;
        }
    }

    /// <summary>Logs when the resolver begins to fail, and when it is back.</summary>
    private void Watch(SmpResponse answer)
    {
        if (answer is ErrResponse { Error: NameResolverError problem })
        {
            if (Interlocked.Exchange(ref _fails, 1) == 0)
            {
                NamesLog.Fails(_logger, problem.Text);
            }
        }
        else if (Interlocked.Exchange(ref _fails, 0) != 0)
        {
            NamesLog.AnswersAgain(_logger);
        }
    }
}
