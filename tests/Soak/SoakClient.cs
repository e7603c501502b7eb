using SimplexActors.Client;
using SimplexActors.Protocol.Addresses;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Testing;

namespace SimplexActors.Soak;

/// <summary>
/// A client that sends to some queues, receives from others, errs now and then, and goes away and comes back. It does one thing
/// at a time, so that it never leaves while a message is under way to the router: two connections have no common order.
/// As a service it subscribes to all its queues with one command whenever it comes back.
/// </summary>
internal sealed class SoakClient(int index, RouterAddress router, ServiceLogin? service, SoakCounts counts, Random random)
{
    private const int InboxesPerClient = 2;
    private static readonly TimeSpan MeanPause = TimeSpan.FromMilliseconds(500);

    private readonly List<SoakQueue> _inboxes = [];
    private readonly List<SoakQueue> _outboxes = [];
    private readonly MessageOracle _faults = new($"client {index}");
    private SmpClient? _client;
    private Task _receiving = Task.CompletedTask;

    /// <summary>The queues that it receives from.</summary>
    public IReadOnlyList<SoakQueue> Inboxes => _inboxes;

    /// <summary>What went wrong.</summary>
    public IEnumerable<string> Violations => [.. _faults.Violations, .. _inboxes.SelectMany(queue => queue.Oracle.Violations)];

    /// <summary>Creates its queues, each with one of <paramref name="others"/> as sender.</summary>
    public async Task PrepareAsync(IReadOnlyList<SoakClient> others)
    {
        await using SmpClient client = await SmpClient.ConnectAsync(router, new SmpClientOptions { Service = service });
        counts.Connected();
        for (int i = 0; i < InboxesPerClient; i++)
        {
            SoakQueue queue = await SoakQueue.CreateAsync(client, (index * InboxesPerClient) + i, counts);
            _inboxes.Add(queue);
            SoakClient sender = others[random.Next(others.Count)];
            lock (sender._outboxes)
            {
                sender._outboxes.Add(queue);
            }
        }
    }

    /// <summary>Does one thing after another until told to end, then goes away.</summary>
    public async Task RunAsync(CancellationToken ending)
    {
        while (!ending.IsCancellationRequested)
        {
            SmpClient client = _client ?? await ConnectAsync();
            if (await ActAsync(client))
            {
                await LeaveAsync();
            }

            await Task.Delay(MeanPause * (random.NextDouble() * 2), ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await LeaveAsync();
    }

    /// <summary>Takes what is left in its queues.</summary>
    public async Task DrainAsync()
    {
        await using SmpClient client = await SmpClient.ConnectAsync(router);
        foreach (SoakQueue queue in _inboxes)
        {
            await queue.DrainAsync(client);
        }
    }

    private async Task<SmpClient> ConnectAsync()
    {
        _client = await SmpClient.ConnectAsync(router, new SmpClientOptions { ResponseTimeout = TimeSpan.FromMinutes(2), Service = service });
        counts.Connected();
        _receiving = ReceiveAsync(_client);
        if (service is not null)
        {
            await SubscribeServiceAsync(_client);
            return _client;
        }

        foreach (SoakQueue queue in _inboxes)
        {
            await queue.SubscribeAsync(_client);
        }

        return _client;
    }

    private async Task SubscribeServiceAsync(SmpClient client)
    {
        foreach (SoakQueue queue in _inboxes)
        {
            queue.Oracle.Reconnect();
            client.Know(queue.Owner);
        }

        SmpResult<ServiceQueues> result = await client.SubscribeServiceAsync().AsResult();
        if (result.Succeeded ? result.Value.Count != _inboxes.Count : result.Failure is not ConnectionLost)
        {
            _faults.Report($"SUBS: {(result.Succeeded ? $"{result.Value.Count} queues" : result.Failure)}");
        }
    }

    private async Task LeaveAsync()
    {
        if (_client is { } client)
        {
            _client = null;
            await client.DisposeAsync();
            await _receiving;
        }
    }

    private async Task ReceiveAsync(SmpClient client)
    {
        await foreach (SmpEvent next in client.Events)
        {
            if (next is MessageReceived received)
            {
                SoakQueue queue = _inboxes.Single(one => one.Owner == received.Queue);
                queue.Receive(received.Message);
                await queue.AcknowledgeAsync(client, received.Message);
            }
            else if (next is not (ConnectionClosed or ServiceDelivered))
            {
                _faults.Report($"unexpected {(next is OtherEvent { Response: var response } ? response : next)}");
            }
        }
    }

    /// <summary>Does one thing; true to leave afterwards.</summary>
    private async Task<bool> ActAsync(SmpClient client)
    {
        switch (random.Next(100))
        {
            case < 70 when _outboxes.Count > 0:
                SoakQueue queue = _outboxes[random.Next(_outboxes.Count)];
                await queue.SendAsync((sender, body) => client.SendAsync(sender, body).AsResult());
                return false;
            // Queues of a service are created subscribed or not at all (S-231), and then not for GET.
            case < 80 when service is null:
                await UseQueueAsync(client);
                return false;
            case < 95:
                await ErrAsync(client);
                return false;
            default:
                return true;
        }
    }

    /// <summary>A whole life of a queue on one connection.</summary>
    private async Task UseQueueAsync(SmpClient client)
    {
        try
        {
            using RecipientQueue queue = await client.CreateQueueAsync(new NewQueue
            {
                Subscribe = false,
                Link = random.Next(2) == 0 ? new LinkData(new byte[random.Next(100)], new byte[random.Next(1000)]) : null,
                NotifierKey = random.Next(2) == 0 ? PrivateKey.Generate(KeyAlgorithm.Ed25519) : null,
            });
            var sender = new SenderQueue(queue.SenderId, PrivateKey.Generate(KeyAlgorithm.Ed25519));
            await client.SecureAsync(sender);
            await client.SendAsync(sender, "hello"u8.ToArray());
            ReceivedMessage? message = await client.GetAsync(queue);
            if (message is null || !message.Body.Span.SequenceEqual("hello"u8))
            {
                _faults.Report("GET did not give what was sent");
            }

            await client.DeleteAsync(queue);
        }
        catch (SmpException failed)
        {
            _faults.Report($"a queue's life: {failed.Message}");
        }
    }

    /// <summary>Asks for something that is refused in a known way.</summary>
    private async Task ErrAsync(SmpClient client)
    {
        counts.Invalid();
        using PrivateKey wrong = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        SoakQueue inbox = _inboxes[0];
        var unsigned = new SendCommand(false, "unsigned"u8.ToArray());
        await (random.Next(6) switch
        {
            0 => ExpectAsync(client, SmpError.Auth, SubCommand.Instance, EntityId.Random(), wrong),
            1 => ExpectAsync(client, SmpError.Auth, SubCommand.Instance, inbox.Owner.RecipientId, wrong),
            2 => ExpectAsync(client, SmpError.Auth, unsigned, inbox.Sender.SenderId, null),
            3 => ExpectAsync(client, CmdError.NoAuth, SubCommand.Instance, EntityId.Random(), null),
            4 => ExpectAsync(client, SmpError.NoMsg, new AckCommand(EntityId.Random()), inbox.Owner.RecipientId, inbox.Owner.Key),
            _ => ExpectAsync(client, CmdError.HasAuth, PingCommand.Instance, EntityId.Random(), null),
        });
    }

    private async Task ExpectAsync(SmpClient client, SmpError expected, SmpCommand command, EntityId entity, PrivateKey? key)
    {
        SmpResult<SmpResponse> result = await client.ExecuteAsync(command, entity, key).AsResult();
        if (result.Error != expected)
        {
            _faults.Report($"{command.Tag} was to be refused with {expected}: {result.Failure}");
        }
    }
}
