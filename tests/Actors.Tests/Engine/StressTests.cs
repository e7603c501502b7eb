using System.Collections.Concurrent;
using System.Collections.Immutable;
using SimplexActors.Actors.Engine;
using SimplexActors.Protocol.Encoding;
using Xunit;

namespace SimplexActors.Actors.Tests.Engine;

/// <summary>
/// Many threads, many entities, a store that fails in every way and a small memory budget; an oracle that hears
/// everything decided and everything performed. The seed decides what is told and what fails; the interleaving of
/// threads is the machine's.
/// </summary>
public sealed class StressTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    [InlineData(null, true)]
    public async Task Nothing_acknowledged_is_lost_and_nothing_is_answered_early_twice_or_out_of_order(int? fixedSeed, bool runOnCaller)
    {
        int seed = fixedSeed ?? Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var oracle = new Oracle();
        var kind = new TallyKind { OnDecided = oracle.Decided };
        var options = new ShardRegionOptions
        {
            Shards = 4,
            InboxCommandsPerShard = 32,
            ParkedCommandsPerShard = 64,
            LoadedEntities = 60,
            RunOnCaller = runOnCaller,
        };
        await using var run = new StressRun(seed, kind, options, oracle);
        await run.TellEverythingAsync(workers: 4, entitiesPerWorker: 50, ordersPerWorker: 15_000);
        await run.HealAsync();
        run.Check();
        output.WriteLine(run.Summary());
    }
}

/// <summary>What one worker knows of an entity that it alone tells things.</summary>
internal sealed class Subject(EntityId id)
{
    public EntityId Id { get; } = id;

    /// <summary>Orders in the order in which they were told.</summary>
    public List<Order> Told { get; } = [];

    /// <summary>Tickets whose effects were announced and not yet performed.</summary>
    public ConcurrentQueue<int> Announced { get; } = new();
}

/// <summary>Hears everything and keeps what must never happen.</summary>
internal sealed class Oracle : IEffectPerformer<Answer>
{
    private readonly ConcurrentDictionary<int, Subject> _subjectOf = new();

    public ConcurrentQueue<string> Violations { get; } = new();

    public ConcurrentDictionary<int, Answer> Answers { get; } = new();

    public ScriptedStore? Store { get; set; }

    public void Expect(int ticket, Subject subject) => _subjectOf[ticket] = subject;

    public void Decided(Order order, ImmutableArray<Answer> effects)
    {
        if (order.Ticket >= 0)
        {
            _subjectOf[order.Ticket].Announced.Enqueue(order.Ticket);
        }
    }

    public void Perform(in EntityId entityId, Answer effect)
    {
        if (effect.Ticket < 0)
        {
            return;
        }

        Subject subject = _subjectOf[effect.Ticket];
        if (!subject.Announced.TryDequeue(out int next) || next != effect.Ticket)
        {
            Violations.Enqueue($"ticket {effect.Ticket} was answered when {next} was due");
        }

        if (!Answers.TryAdd(effect.Ticket, effect))
        {
            Violations.Enqueue($"ticket {effect.Ticket} was answered twice");
        }

        if (effect.What == "ok" && Store!.CountOf(effect.Id) < effect.Count)
        {
            Violations.Enqueue($"ticket {effect.Ticket} was told of count {effect.Count}, which was not stored");
        }
    }
}

/// <summary>One run: the drivers, the faults and the final comparison.</summary>
internal sealed class StressRun : IAsyncDisposable
{
    private readonly int _seed;
    private readonly Oracle _oracle;
    private readonly ScriptedStore _store = new();
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly GroupCommitWriter<TallyRow, TallyChange> _writer;
    private readonly ShardRegion<Tally, TallyRow, Order, TallyChange, Answer> _region;
    private readonly List<Subject> _subjects = [];
    private readonly HashSet<int> _takenTickets = [];
    private int _tickets;
    private int _commitNumber;
    private int _readNumber;
    private volatile bool _isHealed;

    public StressRun(int seed, TallyKind kind, ShardRegionOptions options, Oracle oracle)
    {
        (_seed, _oracle) = (seed, oracle);
        oracle.Store = _store;
        _store.Chooser = ChooseVerdict;
        _store.ReadFails = () => !_isHealed && Chance(Interlocked.Increment(ref _readNumber), salt: 1) < 0.05;
        _store.IsTaken = change => Chance(change.Ticket, salt: 2) < 0.5 && _takenTickets.Contains(change.Ticket);
        var log = new LineLogger();
        _writer = new GroupCommitWriter<TallyRow, TallyChange>(_store, log, _time, _ => 1, maxWaiting: 64);
        _region = new ShardRegion<Tally, TallyRow, Order, TallyChange, Answer>(kind, _store, _writer, oracle, options, _time, log);
    }

    public async Task TellEverythingAsync(int workers, int entitiesPerWorker, int ordersPerWorker)
    {
        var plans = new List<(Subject Subject, Order Order)[]>();
        for (int worker = 0; worker < workers; worker++)
        {
            plans.Add(Plan(new Random(HashCode.Combine(_seed, worker)), entitiesPerWorker, ordersPerWorker));
        }

        await Task.WhenAll(plans.Select(plan => Task.Run(() => TellAsync(plan))));
    }

    /// <summary>The store recovers; every entity is asked once more, then all stops.</summary>
    public async Task HealAsync()
    {
        _isHealed = true;
        foreach (Subject subject in _subjects)
        {
            var look = new Order.Look(_tickets++);
            subject.Told.Add(look);
            _oracle.Expect(look.Ticket, subject);
            await _region.TellAsync(subject.Id, look, TestContext.Current.CancellationToken);
        }

        await _region.StopAsync();
    }

    public void Check()
    {
        Assert.Empty(_oracle.Violations);
        Assert.Empty(_store.Violations);
        Assert.Equal((0, 0, 0), (_region.Metrics.Parked, _region.Metrics.Loading, _region.Metrics.Inbox));
        foreach (Subject subject in _subjects)
        {
            CheckSubject(subject);
        }
    }

    public string Summary() => string.Join(
        ", ",
        _oracle.Answers.Values.GroupBy(answer => answer.What).OrderBy(group => group.Key).Select(group => $"{group.Key} {group.Count()}")
            .Append($"{_region.Metrics}")
            .Append($"{_writer.Metrics}"));

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        _region.Dispose();
    }

    private (Subject Subject, Order Order)[] Plan(Random random, int entities, int orders)
    {
        Subject[] subjects = [.. Enumerable.Range(0, entities).Select(_ => new Subject(EntityId.Random()))];
        _subjects.AddRange(subjects);
        for (int i = 0; i < subjects.Length; i += 2)
        {
            _store.Seed(subjects[i].Id, 1);
        }

        var plan = new (Subject Subject, Order Order)[orders];
        for (int i = 0; i < orders; i++)
        {
            // Some entities are busy, so that decisions pipeline.
            Subject subject = subjects[Math.Min(random.Next(entities), random.Next(entities))];
            Order order = Choose(random);
            subject.Told.Add(order);
            if (order.Ticket >= 0)
            {
                _oracle.Expect(order.Ticket, subject);
            }

            plan[i] = (subject, order);
        }

        return plan;
    }

    private Order Choose(Random random)
    {
        int ticket = _tickets++;
        switch (random.Next(20))
        {
            case < 8:
                return new Order.Add(ticket);
            case < 12:
                return new Order.Look(ticket);
            case < 14:
                return new Order.Subscribe(ticket, random.Next(1, 4));
            case < 16:
                return new Order.End(random.Next(1, 4));
            case < 17:
                _takenTickets.Add(ticket);
                return new Order.Claim(ticket);
            case < 18 when random.Next(10) == 0:
                return new Order.Boom(ticket);
            default:
                return new Order.Create(ticket);
        }
    }

    private async Task TellAsync((Subject Subject, Order Order)[] plan)
    {
        foreach ((Subject subject, Order order) in plan)
        {
            if (_region.TryTell(subject.Id, order) != TellResult.Taken)
            {
                await _region.TellAsync(subject.Id, order, TestContext.Current.CancellationToken);
            }
        }
    }

    private Verdict ChooseVerdict()
    {
        double chance = _isHealed ? 1 : Chance(Interlocked.Increment(ref _commitNumber), salt: 3);
        return chance switch
        {
            < 0.05 => Verdict.Fail,
            < 0.08 => Verdict.UnknownNotStored,
            < 0.11 => Verdict.UnknownStored,
            < 0.12 => Verdict.Throw,
            _ => Verdict.Commit,
        };
    }

    private double Chance(int number, int salt)
    {
        uint hash = (uint)(_seed ^ salt) * 2654435761u;
        hash = (hash ^ (uint)number) * 2246822519u;
        hash = (hash ^ (hash >> 15)) * 3266489917u;
        return (hash >> 8) / (double)(1 << 24);
    }

    private void CheckSubject(Subject subject)
    {
        int subscriber = 0;
        HashSet<int> stored = [];
        foreach (int ticket in _store.TicketsOf(subject.Id).Where(ticket => ticket >= 0))
        {
            Assert.True(stored.Add(ticket), $"ticket {ticket} was stored twice");
        }

        foreach (Order order in subject.Told)
        {
            if (order is Order.End end)
            {
                subscriber = subscriber == end.Who ? 0 : subscriber;
                continue;
            }

            Assert.True(_oracle.Answers.TryGetValue(order.Ticket, out Answer? answer), $"ticket {order.Ticket} was not answered");
            if (answer.What == "ok")
            {
                subscriber = order is Order.Subscribe subscribe ? subscribe.Who : subscriber;
                Assert.Equal(subscriber, answer.Subscriber);
                Assert.True(order is not (Order.Add or Order.Claim) || stored.Contains(order.Ticket), $"ticket {order.Ticket} was acknowledged and is lost");
            }
            else if (answer.What is "taken" or "LoadFailed" or "Fault" or "none")
            {
                Assert.DoesNotContain(order.Ticket, stored);
            }
        }
    }
}
