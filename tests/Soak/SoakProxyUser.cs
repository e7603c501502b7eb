using SimplexActors.Client;
using SimplexActors.Protocol.Addresses;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Testing;

namespace SimplexActors.Soak;

/// <summary>
/// Sends to queues of a relay through the router, and receives there. A message whose fate the proxy does not know may still
/// arrive after later ones, so its queue is used for no more; the next message goes through another one.
/// </summary>
internal sealed class SoakProxyUser(int index, RouterAddress router, RouterAddress relay, SoakCounts counts, Random random)
{
    private const int QueuesPerUser = 1000;
    private static readonly TimeSpan MeanPause = TimeSpan.FromMilliseconds(500);
    private static readonly SmpClientOptions Patient = new() { ResponseTimeout = TimeSpan.FromMinutes(2), ConnectTimeout = TimeSpan.FromMinutes(2) };

    private readonly List<SoakQueue> _queues = [];
    private readonly MessageOracle _faults = new($"proxy user {index}");

    /// <summary>What went wrong.</summary>
    public IEnumerable<string> Violations => [.. _faults.Violations, .. _queues.SelectMany(queue => queue.Oracle.Violations)];

    /// <summary>Sends until told to end.</summary>
    public async Task RunAsync(CancellationToken ending)
    {
        await using SmpClient recipient = await SmpClient.ConnectAsync(relay, Patient, CancellationToken.None);
        await using SmpClient sender = await SmpClient.ConnectAsync(router, Patient, CancellationToken.None);
        Task receiving = ReceiveAsync(recipient);
        SoakQueue queue = await NextQueueAsync(recipient);
        RelaySession? session = null;
        while (!ending.IsCancellationRequested)
        {
            session ??= await OpenAsync(sender);
            if (session is not null)
            {
                SmpFailure? failure = await queue.SendAsync((handle, body) => session.SendAsync(handle, body).AsResult(), IsKnown);
                if (failure is not null)
                {
                    session.Dispose();
                    session = null;
                    queue = IsKnown(failure) ? queue : await NextQueueAsync(recipient);
                }
            }

            await Task.Delay(MeanPause * (random.NextDouble() * 2), ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        session?.Dispose();
        await recipient.DisposeAsync();
        await receiving;
    }

    /// <summary>Takes what is left in its queues.</summary>
    public async Task DrainAsync()
    {
        await using SmpClient client = await SmpClient.ConnectAsync(relay);
        foreach (SoakQueue queue in _queues)
        {
            await queue.DrainAsync(client);
        }
    }

    /// <summary>True when the message was certainly not forwarded.</summary>
    private static bool IsKnown(SmpFailure failure) => failure is ProxyRefusal { Error: var error } && error == SmpError.ProxyNoSession;

    private async Task<SoakQueue> NextQueueAsync(SmpClient recipient)
    {
        SoakQueue queue = await SoakQueue.CreateAsync(recipient, (1_000_000 + index * QueuesPerUser) + _queues.Count, counts);
        lock (_queues)
        {
            _queues.Add(queue);
        }

        await queue.SubscribeAsync(recipient);
        return queue;
    }

    /// <summary>Null while the proxy does not reach the relay, which may stand still.</summary>
    private async Task<RelaySession?> OpenAsync(SmpClient sender)
    {
        SmpResult<RelaySession> result = await sender.OpenRelayAsync(relay).AsResult();
        if (result.Succeeded)
        {
            return result.Value;
        }

        if (result.Failure is not ProxyRefusal { Error: ProxyBrokerError })
        {
            _faults.Report($"PRXY: {result.Failure}");
        }

        return null;
    }

    private async Task ReceiveAsync(SmpClient client)
    {
        await foreach (SmpEvent next in client.Events)
        {
            if (next is MessageReceived received)
            {
                SoakQueue queue;
                lock (_queues)
                {
                    queue = _queues.Single(one => one.Owner == received.Queue);
                }

                queue.Receive(received.Message);
                await queue.AcknowledgeAsync(client, received.Message);
            }
            else if (next is not ConnectionClosed)
            {
                _faults.Report($"unexpected {next.GetType().Name}");
            }
        }
    }
}
