using System.Collections.Immutable;
using BenchmarkDotNet.Attributes;
using SimplexActors.Actors.Queues;
using SimplexActors.Actors.Services;
using SimplexActors.Actors.Statistics;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Bench.Statistics;

/// <summary>
/// What counting adds to one message from <c>SEND</c> to <c>ACK</c>: both count the message, mark its queue as used, and
/// the acknowledgement counts its time.
/// </summary>
[MemoryDiagnoser]
public class CountBenchmark
{
    private readonly QueueEffects _effects = new(new ServiceDirectory(), new RouterStatistics(DateTimeOffset.UnixEpoch));
    private readonly ImmutableArray<QueueEffect> _message =
    [
        new QueueEffect.Count([Counter.MsgSent, Counter.MsgSentNtf], QueueUse.Notification),
        new QueueEffect.Count([Counter.MsgRecv, Counter.MsgRecvNtf], QueueUse.Notification),
        new QueueEffect.CountAckTime(3),
    ];

    private EntityId[] _queues = [];
    private int _next;

    [Params(1, 100_000)]
    public int Queues { get; set; }

    [GlobalSetup]
    public void SetUp() => _queues = [.. Enumerable.Range(0, Queues).Select(_ => EntityId.Random())];

    [Benchmark]
    public void Message()
    {
        ref readonly EntityId queue = ref _queues[_next = (_next + 1) % _queues.Length];
        foreach (QueueEffect effect in _message)
        {
            _effects.Perform(queue, effect);
        }
    }
}
