using Microsoft.Extensions.Logging.Abstractions;
using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Queues;
using SimplexActors.Actors.Services;
using SimplexActors.Actors.Tests.Queues;
using SimplexActors.Actors.Tests.Storage;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Actors.Tests.Services;

/// <summary>Services as entities on a real store: who they are, and which connection holds them.</summary>
public sealed class ServiceRegionTests : IAsyncLifetime
{
    private const int Day = 20_000;
    private static readonly ServiceQueues Counters = new(7, EntityId.Random());

    private readonly Storage.TemporaryFolder _folder = new();
    private readonly ServiceDirectory _directory = new();
    private readonly EntityId _id = EntityId.Random();
    private FaultyQueueStore? _store;
    private GroupCommitWriter<ServiceRecord, ServiceChange>? _writer;
    private ShardRegion<ServiceState, ServiceRecord, ServiceCommand, ServiceChange, ServiceEffect>? _region;

    public async ValueTask InitializeAsync()
    {
        _store = new FaultyQueueStore(await _folder.OpenStoreAsync(), TimeProvider.System);
        _writer = new(_store.Services, NullLogger.Instance, TimeProvider.System);
        _region = new(new ServiceKind(), _store.Services, _writer, new ServiceEffects(_directory), new ShardRegionOptions(), TimeProvider.System, NullLogger.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        await _region!.StopAsync();
        await _writer!.DisposeAsync();
        _region.Dispose();
        await _store!.DisposeAsync();
        await _folder.RemoveAsync();
    }

    [Fact]
    [Spec("S-101", "S-498")]
    public async Task A_service_is_created_once_and_keeps_the_day_of_its_last_use()
    {
        ServiceRecord record = Record(_id);
        Assert.Equal(ServiceOutcome.Conflict, await AskAsync(_id, reply => new ServiceCommand.Use(Day, reply)));
        Assert.Equal(ServiceOutcome.Done, await AskAsync(_id, reply => new ServiceCommand.Create(record, reply)));
        var other = EntityId.Random();
        Assert.Equal(ServiceOutcome.Conflict, await AskAsync(other, reply => new ServiceCommand.Create(record with { ServiceId = other }, reply)));
        Assert.Equal(ServiceOutcome.Done, await AskAsync(_id, reply => new ServiceCommand.Use(Day + 3, reply)));
        ServiceRecord stored = Assert.Single(await _store!.Services.LoadAsync([_id], TestContext.Current.CancellationToken))!;
        Assert.Equal((Day, Day + 3), (stored.CreatedDay, stored.LastUsedDay));

        await _store.Services.DeleteUnusedAsync(Day + 4, TestContext.Current.CancellationToken);
        Assert.Equal(ServiceOutcome.Conflict, await AskAsync(_id, reply => new ServiceCommand.Use(Day + 5, reply)));
        Assert.Equal(ServiceOutcome.Done, await AskAsync(other, reply => new ServiceCommand.Create(record with { ServiceId = other }, reply)));
    }

    [Fact]
    [Spec("S-313", "S-314", "S-482", "S-483")]
    public async Task The_whole_service_moves_with_SUBS_and_only_then()
    {
        var first = new TestConnection("first", _id);
        var second = new TestConnection("second", _id);
        var third = new TestConnection("third", _id);
        Assert.Equal(ServiceOutcome.Done, await JoinAsync(first));
        Assert.Equal([new Received.Joined(HoldsAll: false, 1)], first.Take());
        Assert.Equal(ServiceOutcome.Done, await JoinAsync(second));
        Assert.Same(first, _directory.HolderOf(_id));

        ServiceAnswer answer = await AnswerAsync(_id, reply => new ServiceCommand.Subscribe(third, Counters, reply));
        Assert.Equal<ISubscriber>([first, second], answer.Previous);
        Assert.Same(third, _directory.HolderOf(_id));
        Assert.Equal([new Received.Ended(null)], first.Take());
        Assert.Equal(new Received.Ended(null), second.Take()[^1]);
        Assert.Equal([new Received.Joined(HoldsAll: true, 3)], third.Take());
        Assert.Equal(ServiceOutcome.Repeated, (await AnswerAsync(_id, reply => new ServiceCommand.Subscribe(third, Counters, reply))).Outcome);

        Assert.Equal<ISubscriber>([third], (await AnswerAsync(_id, reply => new ServiceCommand.Subscribe(first, Counters, reply))).Previous);
        Assert.Equal([new Received.Ended(Counters)], third.Take());
        Assert.Same(first, _directory.HolderOf(_id));

        Assert.Equal(TellResult.Taken, _region!.TryTell(_id, new ServiceCommand.Unsubscribe(first)));
        Assert.Equal(ServiceOutcome.Done, (await AnswerAsync(_id, reply => new ServiceCommand.Subscribe(first, Counters, reply))).Outcome);
    }

    [Fact]
    [Spec("S-261", "S-483")]
    public async Task The_next_connection_holds_the_service_when_the_holder_leaves()
    {
        var first = new TestConnection("first", _id);
        var second = new TestConnection("second", _id);
        await AnswerAsync(_id, reply => new ServiceCommand.Subscribe(first, Counters, reply));
        await JoinAsync(second);
        Assert.Equal(ServiceOutcome.Done, await AskAsync(_id, reply => new ServiceCommand.Leave(first, reply)));
        Assert.Same(second, _directory.HolderOf(_id));
        Assert.Equal(ServiceOutcome.Done, await AskAsync(_id, reply => new ServiceCommand.Leave(first, reply)));
        Assert.Equal(ServiceOutcome.Done, (await AnswerAsync(_id, reply => new ServiceCommand.Subscribe(second, Counters, reply))).Outcome);
        Assert.Equal(ServiceOutcome.Done, await AskAsync(_id, reply => new ServiceCommand.Leave(second, reply)));
        Assert.Null(_directory.HolderOf(_id));
    }

    [Fact]
    public async Task Connections_come_and_go_while_the_store_does_not_work()
    {
        _store!.InjectAlways(StoreMethod.Services, StoreFault.Error);
        var first = new TestConnection("first", _id);
        Assert.Equal(ServiceOutcome.Failed, await AskAsync(_id, reply => new ServiceCommand.Use(Day, reply)));
        Assert.Equal(ServiceOutcome.Done, await JoinAsync(first));
        Assert.Same(first, _directory.HolderOf(_id));
        Assert.Equal(ServiceOutcome.Done, await AskAsync(_id, reply => new ServiceCommand.Leave(first, reply)));
        Assert.Null(_directory.HolderOf(_id));
    }

    private static ServiceRecord Record(EntityId id) => new()
    {
        ServiceId = id,
        Role = ServiceRole.Messaging,
        Chain = [new byte[] { 1, 2, 3 }],
        Fingerprint = EntityId.Random(),
        CreatedDay = Day,
        LastUsedDay = Day,
    };

    private Task<ServiceOutcome> JoinAsync(TestConnection connection) => AskAsync(_id, reply => new ServiceCommand.Join(connection, reply));

    private async Task<ServiceOutcome> AskAsync(EntityId id, Func<IServiceReply, ServiceCommand> command) => (await AnswerAsync(id, command)).Outcome;

    private async Task<ServiceAnswer> AnswerAsync(EntityId id, Func<IServiceReply, ServiceCommand> command)
    {
        var waiter = new Waiter();
        await _region!.TellAsync(id, command(waiter), TestContext.Current.CancellationToken);
        return await waiter.Answered.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
    }

    private sealed class Waiter : IServiceReply
    {
        public TaskCompletionSource<ServiceAnswer> Answered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Answer(ServiceAnswer answer) => Answered.SetResult(answer);
    }
}
