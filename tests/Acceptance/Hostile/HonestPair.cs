using System.Buffers.Binary;
using System.Diagnostics;
using SimplexActors.Client;
using SimplexActors.Protocol.Addresses;
using SimplexActors.Protocol.Crypto;
using Xunit;

namespace SimplexActors.Acceptance.Hostile;

/// <summary>Two clients who exchange one message after another all the time. Any failure, gap or disorder ends it with an exception.</summary>
internal sealed class HonestPair : IAsyncDisposable
{
    private const int BodyBytes = 1000;

    private readonly SmpClient _sender;
    private readonly SmpClient _recipient;
    private readonly SenderQueue _queue;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _running;
    private readonly Lock _gate = new();
    private TaskCompletionSource? _waiter;
    private int _exchanged;
    private int _awaited;
    private TimeSpan _longest;

    private HonestPair(SmpClient sender, SmpClient recipient, SenderQueue queue)
    {
        _sender = sender;
        _recipient = recipient;
        _queue = queue;
        _running = RunAsync();
    }

    /// <summary>Messages that were sent, came and were acknowledged, and the longest time that one took.</summary>
    public string Summary => $"{_exchanged} messages of the honest pair, the slowest took {_longest.TotalMilliseconds:F0} ms";

    /// <summary>Connects and begins.</summary>
    public static async Task<HonestPair> StartAsync(RouterAddress router)
    {
        SmpClient recipient = await SmpClient.ConnectAsync(router);
        SmpClient sender = await SmpClient.ConnectAsync(router);
        RecipientQueue queue = await recipient.CreateQueueAsync();
        var toQueue = new SenderQueue(queue.SenderId, PrivateKey.Generate(KeyAlgorithm.X25519));
        await sender.SecureAsync(toQueue);
        return new HonestPair(sender, recipient, toQueue);
    }

    /// <summary>Waits until so many more messages were exchanged; fails when the pair did.</summary>
    public async Task ExchangeAsync(int messages)
    {
        Task reached;
        lock (_gate)
        {
            _awaited = _exchanged + messages;
            _waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            reached = _waiter.Task;
        }

        await await Task.WhenAny(reached, _running);
        Assert.True(reached.IsCompleted);
    }

    /// <summary>Ends after the message that is on its way; throws what went wrong.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        await _sender.DisposeAsync();
        await _recipient.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        await using IAsyncEnumerator<SmpEvent> events = _recipient.Events.GetAsyncEnumerator();
        byte[] body = new byte[BodyBytes];
        while (!_stopping.IsCancellationRequested)
        {
            long began = Stopwatch.GetTimestamp();
            BinaryPrimitives.WriteInt32BigEndian(body, _exchanged);
            await _sender.SendAsync(_queue, body, cancellation: CancellationToken.None);
            Assert.True(await events.MoveNextAsync());
            MessageReceived received = Assert.IsType<MessageReceived>(events.Current);
            Assert.Equal(body, received.Message.Body.ToArray());
            await _recipient.AcknowledgeAsync(received, CancellationToken.None);
            Count(Stopwatch.GetElapsedTime(began));
        }
    }

    private void Count(TimeSpan taken)
    {
        lock (_gate)
        {
            _exchanged++;
            _longest = taken > _longest ? taken : _longest;
            if (_exchanged >= _awaited)
            {
                _waiter?.TrySetResult();
            }
        }
    }
}
