using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using SimplexActors.Actors.Engine;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Actors.Tests.Engine;

/// <summary>A region of tallies over a scripted store, with everything a test looks at.</summary>
public sealed class Bureau : IEffectPerformer<Answer>, IAsyncDisposable
{
    private readonly ConcurrentDictionary<int, TaskCompletionSource<Answer>> _answers = new();
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromSeconds(60));
    private int _ticket;

    public Bureau(ShardRegionOptions? options = null, TallyKind? kind = null, int maxWaiting = Limits.DecisionsWaitingForCommit)
    {
        Kind = kind ?? new TallyKind();
        Writer = new GroupCommitWriter<TallyRow, TallyChange>(Store, Log, Time, _ => 1, maxWaiting);
        Region = new ShardRegion<Tally, TallyRow, Order, TallyChange, Answer>(
            Kind, Store, Writer, this, options ?? new ShardRegionOptions { Shards = 1 }, Time, Log, (id, order) => Returned.Enqueue((id, order)));
    }

    public TallyKind Kind { get; }

    public ScriptedStore Store { get; } = new();

    public ManualTimeProvider Time { get; } = new();

    public LineLogger Log { get; } = new();

    public GroupCommitWriter<TallyRow, TallyChange> Writer { get; }

    public ShardRegion<Tally, TallyRow, Order, TallyChange, Answer> Region { get; }

    /// <summary>Answers in the order in which they were performed.</summary>
    public ConcurrentQueue<Answer> Performed { get; } = new();

    /// <summary>What shards that closed have handed back.</summary>
    public ConcurrentQueue<(EntityId Id, Order Order)> Returned { get; } = new();

    /// <summary>Makes performing throw.</summary>
    public Predicate<Answer> PerformThrows { get; set; } = _ => false;

    /// <summary>A ticket nobody has.</summary>
    public int Ticket() => Interlocked.Increment(ref _ticket);

    /// <summary>An entity that is stored but not in memory.</summary>
    public EntityId Stored(int count = 1)
    {
        var id = EntityId.Random();
        Store.Seed(id, count);
        return id;
    }

    /// <summary>An entity of a shard that is stored but not in memory.</summary>
    public EntityId Of(int shard, int shards)
    {
        EntityId id;
        do
        {
            id = EntityId.Random();
        }
        while (Sharding.ShardOf(id, shards) != shard);

        Store.Seed(id, 1);
        return id;
    }

    /// <summary>An entity in memory.</summary>
    public async Task<EntityId> LoadedAsync()
    {
        EntityId id = Stored();
        Assert.Equal("ok", (await Ask(id, new Order.Look(Ticket()))).What);
        return id;
    }

    /// <summary>Tells and completes with the answer.</summary>
    public Task<Answer> Ask(EntityId id, Order order)
    {
        Task<Answer> answer = AnswerOf(order.Ticket);
        Assert.Equal(TellResult.Taken, Region.TryTell(id, order));
        return answer;
    }

    public Task<Answer> Look(EntityId id) => Ask(id, new Order.Look(Ticket()));

    public Task<Answer> Add(EntityId id) => Ask(id, new Order.Add(Ticket()));

    public Task<Answer> Subscribe(EntityId id, int who) => Ask(id, new Order.Subscribe(Ticket(), who));

    /// <summary>The answer with a ticket, once it is performed.</summary>
    public Task<Answer> AnswerOf(int ticket) => Slip(ticket).Task;

    /// <summary>Lets everything idle leave memory.</summary>
    public async Task PassivateAllAsync()
    {
        Region.PassivateIdle();
        Region.PassivateIdle();
        await FlushTurnAsync();
    }

    /// <inheritdoc cref="Turns.FlushTurnAsync"/>
    public Task FlushTurnAsync() => Region.FlushTurnAsync(_patience.Token);

    /// <summary>Adds until the only shard takes nothing more because it is stopped, and not because its turn is late.</summary>
    /// <returns>How many it took.</returns>
    public async Task<int> FillAsync(EntityId id, int atMost)
    {
        int told = 0;
        bool isStopped;
        do
        {
            await FlushTurnAsync();
            isStopped = true;
            while (Region.TryTell(id, new Order.Add(Ticket())) == TellResult.Taken)
            {
                Assert.InRange(++told, 1, atMost);
                isStopped = false;
            }
        }
        while (!isStopped);
        return told;
    }

    public void Perform(in EntityId entityId, Answer effect)
    {
        Performed.Enqueue(effect);
        if (PerformThrows(effect))
        {
            throw new InvalidOperationException("performer");
        }

        if (effect.Ticket >= 0)
        {
            Assert.True(Slip(effect.Ticket).TrySetResult(effect), "answered twice");
        }
    }

    public async ValueTask DisposeAsync()
    {
        Store.Commits.Open();
        Store.Reads.Open();
        Kind.OnDecide = null;
        await Region.StopAsync();
        await Writer.DisposeAsync();
        Region.Dispose();
        _patience.Dispose();
        Assert.Empty(Store.Violations);
    }

    private TaskCompletionSource<Answer> Slip(int ticket) => _answers.GetOrAdd(ticket, _ =>
    {
        var slip = new TaskCompletionSource<Answer>(TaskCreationOptions.RunContinuationsAsynchronously);
        _patience.Token.Register(() => slip.TrySetException(new TimeoutException($"ticket {ticket} was not answered")));
        return slip;
    });
}

/// <summary>Keeps the lines that were logged.</summary>
public sealed class LineLogger : ILogger
{
    public ConcurrentQueue<(int Id, string Line, Exception? Cause)> Lines { get; } = new();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Lines.Enqueue((eventId.Id, formatter(state, exception), exception));
}
