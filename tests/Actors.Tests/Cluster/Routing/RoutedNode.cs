using System.Collections.Concurrent;
using SimplexActors.Actors.Cluster;
using SimplexActors.Actors.Cluster.Routing;
using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Tests.Engine;
using SimplexActors.Protocol.Encoding;
using Xunit;

namespace SimplexActors.Actors.Tests.Cluster.Routing;

/// <summary>One node: tallies that run here, the way to those that run elsewhere, and the answers to what was told here.</summary>
internal sealed class RoutedNode : IEffectPerformer<Answer>, IAsyncDisposable
{
    public const int Shards = 4;

    private readonly GroupCommitWriter<TallyRow, TallyChange> _writer;
    private readonly ShardRegion<Tally, TallyRow, Order, TallyChange, Answer> _here;
    private readonly OrderTranslator _translator;
    private readonly TimerWheel _wheel;
    private TaskCompletionSource<Answer>? _answer;
    private TaskCompletionSource<IReadOnlyList<int>>? _renewal;

    public RoutedNode(int number, ScriptedStore store, MemoryNetwork network, TimeSpan? requestTimeout = null, TimeProvider? time = null)
    {
        time ??= TimeProvider.System;
        var log = new LineLogger();
        Map = new LateMap(new NodeNumber(number), Shards);
        _wheel = new TimerWheel(time, log, TimeSpan.FromMilliseconds(10), 256);
        Routing = new NodeRouting(Map, _wheel, requestTimeout ?? TimeSpan.FromSeconds(30), time, log);
        Routing.OnStale(shards => Volatile.Read(ref _renewal)?.TrySetResult(shards));
        _translator = new OrderTranslator { Answered = Note };
        _writer = new GroupCommitWriter<TallyRow, TallyChange>(store, log, TimeProvider.System, _ => 1, maxWaiting: 64);
        _here = new(
            new TallyKind(), store, _writer, this, new ShardRegionOptions { Shards = Shards, StartsClosed = true, InboxCommandsPerShard = 32 },
            TimeProvider.System, log, (id, order) => Region!.Return(id, order));
        Region = new ClusterRegion<Order>(1, _here, _translator, Routing);
        network.Add(Map.Self, Routing);
        Routing.Use(network.LinksOf(Map.Self));
    }

    public LateMap Map { get; }

    public NodeRouting Routing { get; }

    public ClusterRegion<Order> Region { get; }

    public ConcurrentDictionary<int, Answer> Answers { get; } = new();

    public ConcurrentQueue<string> Violations { get; } = new();

    /// <summary>The next answer to something that was told here.</summary>
    public Task<Answer> NextAnswerAsync() => (_answer = new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>The next shards that connections have to renew.</summary>
    public Task<IReadOnlyList<int>> NextRenewalAsync() => (_renewal = new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void Perform(in EntityId entityId, Answer effect) => _translator.Perform(effect);

    public async ValueTask DisposeAsync()
    {
        await _here.StopAsync();
        await _writer.DisposeAsync();
        _here.Dispose();
        _wheel.Dispose();
    }

    private void Note(Answer answer)
    {
        if (!Answers.TryAdd(answer.Ticket, answer))
        {
            Violations.Enqueue($"ticket {answer.Ticket} was answered twice");
        }

        Volatile.Read(ref _answer)?.TrySetResult(answer);
    }
}

/// <summary>What one node knows of owners: a test tells it, when it likes.</summary>
internal sealed class LateMap(NodeNumber self, int shards) : IShardMap
{
    private readonly Lock _gate = new();
    private readonly ShardOwner[] _owners = new ShardOwner[shards];
    private readonly List<Action<IReadOnlyList<int>>> _listeners = [];

    public NodeNumber Self => self;

    public int ShardCount => shards;

    public ShardOwner OwnerOf(int shard)
    {
        lock (_gate)
        {
            return _owners[shard];
        }
    }

    public void OnChange(Action<IReadOnlyList<int>> changed) => _listeners.Add(changed);

    public void Set(int shard, ShardOwner owner)
    {
        lock (_gate)
        {
            Assert.True(owner.RangeId >= _owners[shard].RangeId);
            _owners[shard] = owner;
        }

        _listeners.ForEach(listener => listener([shard]));
    }
}
