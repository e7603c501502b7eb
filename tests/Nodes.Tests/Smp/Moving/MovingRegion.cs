using SimplexActors.Actors.Engine;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Nodes.Tests.Smp.Moving;

/// <summary>
/// Entities whose shards come and go: keeps what a shard does not take until it is open again, and gives commands the
/// epoch of the shard's owner.
/// </summary>
internal sealed class MovingRegion<TCommand>(IShardHost host, Func<EntityId, TCommand, TellResult> tryTell, Func<TCommand, long, TCommand> stamp, int shards)
    : IEntityRegion<TCommand>
    where TCommand : class
{
    private readonly Line[] _lines = [.. Enumerable.Range(0, shards).Select(_ => new Line())];

    public async ValueTask TellAsync(EntityId id, TCommand command, CancellationToken cancellation)
    {
        Line line = _lines[Sharding.ShardOf(id, shards)];
        while (!TryTell(line, id, command))
        {
            await Task.Yield();
        }
    }

    public void TakeBack(EntityId id, TCommand command)
    {
        Line line = _lines[Sharding.ShardOf(id, shards)];
        lock (line)
        {
            line.Returned.Add((id, command));
        }
    }

    /// <summary>A new owner has the shard; commands that wait go there when it is released.</summary>
    public void Open(int shard)
    {
        Line line = _lines[shard];
        lock (line)
        {
            line.RangeId++;
            line.IsParking = true;
        }

        host.Open(shard, line.RangeId);
    }

    /// <summary>The shard goes on under its owner; commands that wait go there when it is released.</summary>
    public void Resume(int shard)
    {
        Line line = _lines[shard];
        lock (line)
        {
            line.IsParking = true;
        }

        host.Resume(shard);
    }

    public async Task ReleaseAsync(int shard)
    {
        while (!TryRelease(_lines[shard]))
        {
            await Task.Yield();
        }
    }

    private bool TryTell(Line line, EntityId id, TCommand command)
    {
        lock (line)
        {
            if (!line.IsParking)
            {
                TellResult told = tryTell(id, stamp(command, line.NextEpoch()));
                if (told != TellResult.NotHere)
                {
                    return told == TellResult.Taken;
                }
            }

            line.IsParking = true;
            line.NotTaken.Add((id, command));
            return true;
        }
    }

    private bool TryRelease(Line line)
    {
        lock (line)
        {
            List<(EntityId Id, TCommand Command)> due = [.. line.Returned, .. line.NotTaken];
            line.Returned.Clear();
            line.NotTaken.Clear();
            for (int i = 0; i < due.Count; i++)
            {
                if (tryTell(due[i].Id, stamp(due[i].Command, line.NextEpoch())) != TellResult.Taken)
                {
                    line.NotTaken.AddRange(due[i..]);
                    return false;
                }
            }

            line.IsParking = false;
            return true;
        }
    }

    private sealed class Line
    {
        private int _counter;

        public long RangeId { get; set; }

        public bool IsParking { get; set; }

        public List<(EntityId Id, TCommand Command)> Returned { get; } = [];

        public List<(EntityId Id, TCommand Command)> NotTaken { get; } = [];

        public long NextEpoch() => (RangeId << 32) | (uint)++_counter;
    }
}
