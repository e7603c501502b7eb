using System.Collections.Concurrent;
using System.Collections.Immutable;
using SimplexActors.Actors.Engine;
using SimplexActors.Protocol.Encoding;
using Xunit;

namespace SimplexActors.Actors.Tests.Engine;

/// <summary>
/// Threads tell entities things while their shards open, close, are suspended, lose their claim and their lease, and the
/// store fails. The seed decides what is told and what happens; the interleaving of threads is the machine's.
/// </summary>
public sealed class MovingTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    [InlineData(null, true)]
    public async Task Nothing_is_lost_or_done_twice_or_out_of_order_while_shards_move(int? fixedSeed, bool runOnCaller)
    {
        int seed = fixedSeed ?? Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        await using var run = new MovingRun(seed, runOnCaller);
        await run.RunAsync(tellers: 3, ordersPerTeller: 20_000);
        run.Check();
        output.WriteLine(run.Summary());
    }
}

/// <summary>One run: tellers, the mover and what they found.</summary>
internal sealed class MovingRun : IEffectPerformer<Answer>, IAsyncDisposable
{
    private const int Shards = 4;
    private const int Entities = 60;
    private const int TicketsPerTeller = 1_000_000;

    private readonly int _seed;
    private readonly ScriptedStore _store = new();
    private readonly SwitchedLease _lease = new();
    private readonly GroupCommitWriter<TallyRow, TallyChange> _writer;
    private readonly ShardRegion<Tally, TallyRow, Order, TallyChange, Answer> _region;
    private readonly ParkingRouter _router;
    private readonly EntityId[] _ids = [.. Enumerable.Range(0, Entities).Select(_ => EntityId.Random())];
    private readonly ConcurrentDictionary<int, Answer> _answers = new();
    private readonly ConcurrentQueue<string> _violations = new();
    private readonly int[] _announced;
    private readonly bool[] _isShut = [true, true, true, true];
    private readonly long[] _rangeIds = new long[Shards];
    private readonly SortedDictionary<string, int> _moves = [];
    private int _told;
    private int _commits;
    private volatile bool _isHealed;

    public MovingRun(int seed, bool runOnCaller)
    {
        _seed = seed;
        _announced = new int[4 * TicketsPerTeller];
        var log = new LineLogger();
        var kind = new TallyKind { OnDecide = CheckOpen, OnDecided = CountDecided };
        var options = new ShardRegionOptions
        {
            Shards = Shards,
            InboxCommandsPerShard = 32,
            ParkedCommandsPerShard = 64,
            LoadedEntities = 30,
            RunOnCaller = runOnCaller,
            StartsClosed = true,
            Lease = _lease,
        };
        _store.Chooser = ChooseVerdict;
        _writer = new GroupCommitWriter<TallyRow, TallyChange>(_store, log, TimeProvider.System, _ => 1, maxWaiting: 64);
        _router = new ParkingRouter(Shards);
        _region = new(kind, _store, _writer, this, options, TimeProvider.System, log, _router.TakeBack);
        _router.Region = _region;
        Array.ForEach(_ids, id => _store.Seed(id, 1));
    }

    public async Task RunAsync(int tellers, int ordersPerTeller)
    {
        for (int shard = 0; shard < Shards; shard++)
        {
            await OpenAsync(shard);
        }

        using var end = new CancellationTokenSource();
        Task moving = Task.Run(() => MoveAsync(end.Token));
        await Task.WhenAll(Enumerable.Range(0, tellers).Select(teller => Task.Run(() => TellAsync(teller, ordersPerTeller))));
        await end.CancelAsync();
        await moving;
        _isHealed = true;
        foreach (EntityId id in _ids)
        {
            await _router.TellAsync(id, new Order.Look(Interlocked.Increment(ref _told) + (3 * TicketsPerTeller)));
        }

        await _region.StopAsync();
    }

    public void Check()
    {
        Assert.Empty(_violations);
        Assert.Empty(_store.Violations);
        Assert.Equal(0, _router.Parked);
        Assert.Equal(_told, _answers.Count);
        foreach (EntityId id in _ids)
        {
            int[] stored = [.. _store.TicketsOf(id).Where(ticket => ticket >= 0)];
            Assert.Equal(stored.Length, stored.Distinct().Count());
            foreach (IGrouping<int, int> ofTeller in stored.GroupBy(ticket => ticket / TicketsPerTeller))
            {
                Assert.Equal(ofTeller.Order(), ofTeller);
            }

            HashSet<int> kept = [.. stored];
            Assert.All(
                _answers.Values.Where(answer => answer.Id == id && answer.What == "ok" && IsAdd(answer.Ticket)),
                answer => Assert.True(kept.Contains(answer.Ticket), $"ticket {answer.Ticket} was acknowledged and is lost"));
        }

        Assert.Contains(_answers.Values, answer => answer.What == "ok");
    }

    public string Summary() => string.Join(
        ", ",
        _answers.Values.GroupBy(answer => answer.What).OrderBy(group => group.Key).Select(group => $"{group.Key} {group.Count()}")
            .Concat(_moves.Select(move => $"{move.Key} {move.Value}"))
            .Append($"handed back {_router.HandedBack}, not here {_router.NotHere}"));

    public void Perform(in EntityId entityId, Answer effect)
    {
        if (effect.Ticket < 0)
        {
            return;
        }

        if (!_answers.TryAdd(effect.Ticket, effect))
        {
            _violations.Enqueue($"ticket {effect.Ticket} was answered twice");
        }

        if (effect.What == "ok" && _store.CountOf(effect.Id) < effect.Count)
        {
            _violations.Enqueue($"ticket {effect.Ticket} was told of count {effect.Count}, which was not stored");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        _region.Dispose();
    }

    private static bool IsAdd(int ticket) => ticket % 3 != 0 && ticket < 3 * TicketsPerTeller;

    private Verdict ChooseVerdict()
    {
        int turn = Interlocked.Increment(ref _commits) % 29;
        return _isHealed || turn > 3 ? Verdict.Commit : (Verdict)(turn + 1);
    }

    private void CheckOpen(EntityId id, Order order)
    {
        if (Volatile.Read(ref _isShut[Sharding.ShardOf(id, Shards)]))
        {
            _violations.Enqueue($"{order} was decided by a shard that was shut");
        }
    }

    private void CountDecided(Order order, ImmutableArray<Answer> effects)
    {
        if (order.Ticket >= 0 && Interlocked.Increment(ref _announced[order.Ticket]) > 1)
        {
            _violations.Enqueue($"ticket {order.Ticket} was announced twice");
        }
    }

    private async Task TellAsync(int teller, int orders)
    {
        var random = new Random(HashCode.Combine(_seed, teller));
        for (int i = 1; i <= orders; i++)
        {
            int ticket = (teller * TicketsPerTeller) + i;
            Interlocked.Increment(ref _told);
            await _router.TellAsync(_ids[random.Next(Entities)], IsAdd(ticket) ? new Order.Add(ticket) : new Order.Look(ticket));
        }
    }

    private async Task MoveAsync(CancellationToken end)
    {
        var random = new Random(_seed);
        while (!end.IsCancellationRequested)
        {
            int shard = random.Next(Shards);
            string move = random.Next(7) switch
            {
                0 => await CloseAsync(shard),
                1 => await LoseAsync(shard, mayCommit: true),
                2 => await LoseAsync(shard, mayCommit: false),
                3 => await SuspendAsync(shard, then: null),
                4 => await SuspendAsync(shard, _region.CloseAsync),
                5 => await SuspendAsync(shard, _region.DropAsync),
                _ => await LapseAsync(),
            };
            _moves[move] = _moves.GetValueOrDefault(move) + 1;
            await Task.Yield();
        }
    }

    private async Task OpenAsync(int shard)
    {
        Volatile.Write(ref _isShut[shard], false);
        _store.Fence(shard, ++_rangeIds[shard]);
        _router.Hold(shard);
        _region.Open(shard, _rangeIds[shard]);
        await _router.ReleaseAsync(shard);
    }

    private async Task<string> CloseAsync(int shard)
    {
        await _region.CloseAsync(shard);
        Volatile.Write(ref _isShut[shard], true);
        await OpenAsync(shard);
        return "closed";
    }

    private async Task<string> LoseAsync(int shard, bool mayCommit)
    {
        // Another node claims it before this one knows, or this one knows first.
        _store.Fence(shard, mayCommit ? _rangeIds[shard] : _rangeIds[shard] + 1);
        await _region.DropAsync(shard);
        Volatile.Write(ref _isShut[shard], true);
        await OpenAsync(shard);
        return mayCommit ? "dropped" : "fenced";
    }

    private async Task<string> SuspendAsync(int shard, Func<int, Task>? then)
    {
        await _region.SuspendAsync(shard);
        Volatile.Write(ref _isShut[shard], true);
        if (then is not null)
        {
            await then(shard);
            await OpenAsync(shard);
            return "suspended and left";
        }

        Volatile.Write(ref _isShut[shard], false);
        _router.Hold(shard);
        _region.Resume(shard);
        await _router.ReleaseAsync(shard);
        return "suspended";
    }

    private async Task<string> LapseAsync()
    {
        _lease.IsValid = false;
        for (int i = 0; i < 10; i++)
        {
            await Task.Yield();
        }

        await Task.WhenAll(Enumerable.Range(0, Shards).Select(_region.SuspendAsync));
        Array.Fill(_isShut, true);
        Array.Fill(_isShut, false);
        _lease.IsValid = true;
        for (int shard = 0; shard < Shards; shard++)
        {
            _router.Hold(shard);
            _region.Resume(shard);
            await _router.ReleaseAsync(shard);
        }

        return "lapsed";
    }
}
