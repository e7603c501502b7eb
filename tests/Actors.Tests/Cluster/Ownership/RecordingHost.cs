using SimplexActors.Actors.Engine;

namespace SimplexActors.Actors.Tests.Cluster.Ownership;

/// <summary>A host that only remembers what it was told, and sees when it is told something that cannot be.</summary>
internal sealed class RecordingHost(string name, int shards, Changes changes, Func<int, Task>? closing = null) : IShardHost
{
    private readonly Lock _gate = new();
    private readonly string[] _states = [.. Enumerable.Repeat("", shards)];
    private readonly bool[] _isBusy = new bool[shards];
    private readonly List<string> _calls = [];
    private readonly List<string> _wrong = [];

    public string Name => name;

    /// <summary>The right to serve of the node.</summary>
    public ILease? Lease { get; set; }

    /// <summary>The others, to see that none serves what this opens.</summary>
    public Func<IEnumerable<RecordingHost>> Others { get; set; } = () => [];

    public IReadOnlyList<string> Calls
    {
        get
        {
            lock (_gate)
            {
                return [.. _calls];
            }
        }
    }

    public IReadOnlyList<string> Wrong
    {
        get
        {
            lock (_gate)
            {
                return [.. _wrong];
            }
        }
    }

    public int Open => Count("open");

    public int Suspended => Count("suspended");

    public bool IsOpen(int shard)
    {
        lock (_gate)
        {
            return shard < shards && _states[shard] == "open";
        }
    }

    public bool Serves(int shard) => IsOpen(shard) && Lease is { IsValid: true };

    void IShardHost.Open(int shard, long rangeId)
    {
        foreach (RecordingHost other in Others().Where(other => other.Serves(shard)))
        {
            Note(shard, $"opened while {other.Name} serves it");
        }

        Change(shard, "", "open");
    }

    async Task IShardHost.CloseAsync(int shard)
    {
        Begin(shard);
        await (closing?.Invoke(shard) ?? Task.CompletedTask);
        End(shard);
        Change(shard, "open", "");
    }

    Task IShardHost.DropAsync(int shard)
    {
        Change(shard, null, "", "drop");
        return Task.CompletedTask;
    }

    Task IShardHost.SuspendAsync(int shard)
    {
        Change(shard, "open", "suspended");
        return Task.CompletedTask;
    }

    void IShardHost.Resume(int shard) => Change(shard, "suspended", "open", "resume");

    private int Count(string state)
    {
        lock (_gate)
        {
            return _states.Count(one => one == state);
        }
    }

    private void Begin(int shard)
    {
        lock (_gate)
        {
            _isBusy[shard] = true;
        }

        changes.Pulse();
    }

    private void End(int shard)
    {
        lock (_gate)
        {
            _isBusy[shard] = false;
        }
    }

    private void Note(int shard, string what)
    {
        lock (_gate)
        {
            _wrong.Add($"{name}, shard {shard}: {what}");
        }
    }

    private void Change(int shard, string? from, string to, string? call = null)
    {
        lock (_gate)
        {
            if (_isBusy[shard])
            {
                _wrong.Add($"{name}, shard {shard}: {call ?? to} while it is being closed");
            }

            if (from is not null && _states[shard] != from)
            {
                _wrong.Add($"{name}, shard {shard}: {call ?? to} while it is '{_states[shard]}'");
            }

            _states[shard] = to;
            _calls.Add(call ?? (to.Length == 0 ? "close" : to));
        }

        changes.Pulse();
    }
}
