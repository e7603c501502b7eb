using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Queues;
using SimplexActors.Actors.Services;
using SimplexActors.Actors.Statistics;
using SimplexActors.Actors.Storage;
using SimplexActors.Actors.Tests.Engine;
using SimplexActors.Actors.Tests.Storage;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Actors.Tests.Queues;

/// <summary>What connections hold of queues, asked of a real region on a real store.</summary>
public sealed class QueueSurveyTests : IAsyncLifetime
{
    private readonly Storage.TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _clock = new();
    private readonly TestConnection _first = new("first");
    private readonly TestConnection _second = new("second");
    private IQueueStore? _store;
    private GroupCommitWriter<StoredQueue, QueueChange>? _writer;
    private ShardRegion<QueueState, StoredQueue, QueueCommand, QueueChange, QueueEffect>? _queues;

    private ShardRegion<QueueState, StoredQueue, QueueCommand, QueueChange, QueueEffect> Queues => _queues!;

    public async ValueTask InitializeAsync()
    {
        _store = await _folder.OpenStoreAsync();
        var log = new LineLogger();
        _writer = new(_store, log, _clock);
        _queues = new(
            new QueueKind(new QueueOptions()),
            _store,
            _writer,
            new QueueEffects(new ServiceDirectory(), new RouterStatistics(_clock.GetUtcNow())),
            new ShardRegionOptions { Shards = 4 },
            _clock,
            log);
    }

    public async ValueTask DisposeAsync()
    {
        await Queues.StopAsync();
        await _writer!.DisposeAsync();
        Queues.Dispose();
        await _store!.DisposeAsync();
        await _folder.RemoveAsync();
    }

    [Fact]
    [Spec("S-409")]
    public async Task Deliveries_that_were_not_acknowledged_are_found_with_their_age()
    {
        QueueRecord[] queues = [Samples.Queue(), Samples.Queue(), Samples.Queue(), Samples.Queue()];
        foreach (QueueRecord queue in queues)
        {
            await TellAsync(queue, new QueueCommand.Create(queue, null, _first, _first.NextReply(), new IdsResponse(queue.RecipientId, queue.SenderId, Samples.Key(), null, null, null, null)));
        }

        EntityId message = await SendAsync(queues[0]);
        await SendAsync(queues[0]);
        _clock.Advance(TimeSpan.FromSeconds(7));
        await SendAsync(queues[1]);
        await SendAsync(queues[2]);
        await DoAsync(queues[2], _second, new GetCommand());
        await DoAsync(queues[3], _second, new SubCommand());
        _clock.Advance(TimeSpan.FromSeconds(2));
        await AssertFoundAsync((Subscriptions: 4, Subscribers: 2, Delivered: 4, Connections: 2, Oldest: 9), (2, 3), (10, 1));

        await DoAsync(queues[0], _first, new AckCommand(message));
        await TellAsync(queues[2], new QueueCommand.Disconnected(_second));
        await AssertFoundAsync((4, 2, 3, 1, 2), (0, 1), (2, 2));

        // Passive queues keep what their connections hold.
        Queues.PassivateIdle();
        Queues.PassivateIdle();
        await AssertFoundAsync((4, 2, 3, 1, 2), (0, 1), (2, 2));
        Assert.Equal((0, 4), ((int)Queues.Metrics.Loaded, (int)Queues.Metrics.Passive));
    }

    [Fact]
    [Spec("S-409")]
    public async Task Without_connections_nothing_is_found()
    {
        QueueSurvey found = await QueueSurvey.TakeAsync(Queues, _clock.GetUtcNow());
        Assert.Equal((0, 0, 0, 0), (found.Subscriptions, found.NotifierSubscriptions, found.Delivered, found.OldestDeliverySeconds));
    }

    private async Task AssertFoundAsync(
        (int Subscriptions, int Subscribers, int Delivered, int Connections, int Oldest) expected, params (long End, long Count)[] ages)
    {
        QueueSurvey found = await QueueSurvey.TakeAsync(Queues, _clock.GetUtcNow());
        Assert.Equal(
            expected,
            ((int)found.Subscriptions, found.Subscribers, (int)found.Delivered, found.DeliveredConnections, (int)found.OldestDeliverySeconds));
        Assert.Equal(
            ages,
            Enumerable.Range(0, AckTimes.Count).Where(bucket => found.DeliveredAges[bucket] > 0).Select(bucket => (AckTimes.EndOf(bucket), found.DeliveredAges[bucket])));
    }

    private async Task<EntityId> SendAsync(QueueRecord queue)
    {
        var fresh = new FreshValues(EntityId.Random());
        await TellAsync(queue, Command(queue.SenderId, new SendCommand(false, default), _second, fresh));
        return fresh.MessageId;
    }

    private Task DoAsync(QueueRecord queue, TestConnection by, SmpCommand command) =>
        TellAsync(queue, Command(queue.RecipientId, command, by, FreshValues.None));

    private static QueueCommand.Client Command(EntityId entity, SmpCommand command, TestConnection by, FreshValues fresh) =>
        new(entity, command, KeysVersion: 1, Version: 20, by, by.NextReply(), fresh);

    private async Task TellAsync(QueueRecord queue, QueueCommand command)
    {
        await Queues.TellAsync(queue.RecipientId, command, CancellationToken.None);
        await Queues.FlushTurnAsync(TestContext.Current.CancellationToken);
        await _writer!.FlushAsync();
    }
}
