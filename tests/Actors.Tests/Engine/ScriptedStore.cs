using System.Collections.Concurrent;
using SimplexActors.Actors.Engine;
using SimplexActors.Protocol.Encoding;
using Xunit;

namespace SimplexActors.Actors.Tests.Engine;

/// <summary>What the store does with one transaction.</summary>
public enum Verdict
{
    Commit,

    /// <summary>Stores nothing and says so.</summary>
    Fail,

    /// <summary>Stores nothing and says that it does not know.</summary>
    UnknownNotStored,

    /// <summary>Stores everything and says that it does not know.</summary>
    UnknownStored,

    /// <summary>Stores nothing and throws, against its contract.</summary>
    Throw,
}

/// <summary>
/// A store in memory that does what a test tells it, and notes when the engine stores something that rests on
/// what was never stored.
/// </summary>
public sealed class ScriptedStore : IEntityStore<TallyRow, TallyChange>
{
    private readonly ConcurrentDictionary<EntityId, List<int>> _stored = new();
    private readonly Lock _storing = new();
    private readonly Dictionary<int, long> _fences = [];

    /// <summary>What happens to the next transactions; without an entry they commit.</summary>
    public ConcurrentQueue<Verdict> Script { get; } = new();

    /// <summary>Chooses when <see cref="Script"/> is empty.</summary>
    public Func<Verdict>? Chooser { get; set; }

    /// <summary>True when the store skips a set because something is taken.</summary>
    public Func<TallyChange, bool> IsTaken { get; set; } = _ => false;

    /// <summary>True when a read fails.</summary>
    public Func<bool> ReadFails { get; set; } = () => false;

    /// <summary>Claims under which sets were stored, in order.</summary>
    public ConcurrentQueue<ShardClaim> Claims { get; } = new();

    /// <summary>Transactions stop here.</summary>
    public Gate Commits { get; } = new();

    /// <summary>Reads stop here.</summary>
    public Gate Reads { get; } = new();

    /// <summary>Sizes of the transactions that came, in sets.</summary>
    public ConcurrentQueue<int> CommitSizes { get; } = new();

    /// <summary>Sizes of the reads that came.</summary>
    public ConcurrentQueue<int> ReadSizes { get; } = new();

    /// <summary>What should never have been asked of the store.</summary>
    public ConcurrentQueue<string> Violations { get; } = new();

    /// <summary>How far an entity has counted in the store.</summary>
    public long CountOf(EntityId id) => _stored.TryGetValue(id, out List<int>? tickets) ? Count(tickets) : 0;

    /// <summary>Tickets of the orders that were stored for an entity.</summary>
    public IReadOnlyList<int> TicketsOf(EntityId id)
    {
        if (!_stored.TryGetValue(id, out List<int>? tickets))
        {
            return [];
        }

        lock (tickets)
        {
            return [.. tickets];
        }
    }

    /// <summary>
    /// From now on what is written under a lower range id of a shard is refused; what is being stored is waited for, as a
    /// database does, so that who opens the shard then reads all of it.
    /// </summary>
    public void Fence(int shard, long lowestRangeId)
    {
        lock (_storing)
        {
            _fences[shard] = lowestRangeId;
        }
    }

    /// <summary>Stores an entity.</summary>
    public void Seed(EntityId id, int count) => _stored[id] = [.. Enumerable.Repeat(-1, count)];

    public async ValueTask<IReadOnlyList<TallyRow?>> LoadAsync(IReadOnlyList<EntityId> ids, CancellationToken cancellation)
    {
        ReadSizes.Enqueue(ids.Count);
        await Reads.PassAsync();
        if (ReadFails())
        {
            throw new StoreUnavailableException("scripted");
        }

        return [.. ids.Select(id => CountOf(id) is var count and > 0 ? new TallyRow(count) : null)];
    }

    public async ValueTask<CommitResult> CommitAsync(IReadOnlyList<WriteSet<TallyChange>> sets, CancellationToken cancellation)
    {
        CommitSizes.Enqueue(sets.Count);
        await Commits.PassAsync();
        Verdict verdict = Script.TryDequeue(out Verdict scripted) ? scripted : Chooser?.Invoke() ?? Verdict.Commit;
        switch (verdict)
        {
            case Verdict.Fail:
                return new CommitResult(CommitOutcome.Failed, [], new IOException("scripted"));
            case Verdict.UnknownNotStored:
                return new CommitResult(CommitOutcome.Unknown, [], new TimeoutException("scripted"));
            case Verdict.Throw:
                throw new InvalidOperationException("scripted");
            default:
                List<int> conflicts, fenced;
                lock (_storing)
                {
                    (conflicts, fenced) = Apply(sets);
                }

                return verdict == Verdict.UnknownStored
                    ? new CommitResult(CommitOutcome.Unknown, [], new TimeoutException("scripted"))
                    : new CommitResult(CommitOutcome.Committed, [.. conflicts]) { Fenced = [.. fenced] };
        }
    }

    private static int Count(List<int> tickets)
    {
        lock (tickets)
        {
            return tickets.Count;
        }
    }

    private (List<int> Conflicts, List<int> Fenced) Apply(IReadOnlyList<WriteSet<TallyChange>> sets)
    {
        List<int> conflicts = [];
        List<int> fenced = [];
        for (int i = 0; i < sets.Count; i++)
        {
            if (_fences.TryGetValue(sets[i].Claim.Shard, out long fence) && sets[i].Claim.RangeId < fence)
            {
                fenced.Add(i);
                continue;
            }

            Claims.Enqueue(sets[i].Claim);
            foreach (TallyChange change in sets[i].Changes)
            {
                // An entity can be made only once, as a key in a table.
                if (IsTaken(change) || (change.Count == 1 && CountOf(sets[i].Entity) > 0))
                {
                    conflicts.Add(i);
                    continue;
                }

                List<int> tickets = _stored.GetOrAdd(sets[i].Entity, _ => []);
                lock (tickets)
                {
                    tickets.Add(change.Ticket);
                    if (tickets.Count != change.Count)
                    {
                        Violations.Enqueue($"count {change.Count} was stored as number {tickets.Count}");
                    }
                }
            }
        }

        return (conflicts, fenced);
    }
}

/// <summary>A door that a test closes and opens, and that tells it who stands before it.</summary>
public sealed class Gate
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _arrivals = new(0);
    private TaskCompletionSource? _closed;

    public void Close()
    {
        lock (_lock)
        {
            _closed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public void Open()
    {
        lock (_lock)
        {
            _closed?.SetResult();
            _closed = null;
        }
    }

    /// <summary>Completes when one more has come to the closed door.</summary>
    public async Task ArrivalAsync() => Assert.True(await _arrivals.WaitAsync(TimeSpan.FromSeconds(60)), "nobody came");

    public Task PassAsync()
    {
        lock (_lock)
        {
            if (_closed is not null)
            {
                _arrivals.Release();
            }

            return _closed?.Task ?? Task.CompletedTask;
        }
    }
}
