using SimplexActors.Actors.Engine;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Actors.Tests.Engine;

/// <summary>
/// Keeps what shards do not take and tells it again when they do. What came back was always told before what was
/// not taken, so it goes first.
/// </summary>
internal sealed class ParkingRouter(int shards)
{
    /// <summary>Commands of one shard that wait before tellers have to.</summary>
    private const int Room = 8;

    private readonly ParkedShard[] _parked = [.. Enumerable.Range(0, shards).Select(_ => new ParkedShard())];
    private int _handedBack;
    private int _notHere;

    public ShardRegion<Tally, TallyRow, Order, TallyChange, Answer>? Region { get; set; }

    public int Parked => _parked.Sum(shard => shard.Returned.Count + shard.NotTaken.Count);

    public int HandedBack => _handedBack;

    public int NotHere => _notHere;

    public void TakeBack(EntityId id, Order order)
    {
        ParkedShard shard = _parked[Sharding.ShardOf(id, shards)];
        Interlocked.Increment(ref _handedBack);
        lock (shard)
        {
            shard.Returned.Add((id, order));
        }
    }

    public async ValueTask TellAsync(EntityId id, Order order)
    {
        ParkedShard shard = _parked[Sharding.ShardOf(id, shards)];
        while (!TryTell(shard, id, order))
        {
            await Task.Yield();
        }
    }

    /// <summary>
    /// Before the shard takes commands again: what came back is told first, even when nobody asked since it came back.
    /// </summary>
    public void Hold(int number)
    {
        lock (_parked[number])
        {
            _parked[number].IsParking = true;
        }
    }

    /// <summary>The shard takes commands again.</summary>
    public async Task ReleaseAsync(int number)
    {
        ParkedShard shard = _parked[number];
        while (!TryRelease(shard))
        {
            await Task.Yield();
        }
    }

    private bool TryTell(ParkedShard shard, EntityId id, Order order)
    {
        lock (shard)
        {
            if (!shard.IsParking)
            {
                TellResult told = Region!.TryTell(id, order);
                if (told != TellResult.NotHere)
                {
                    return told == TellResult.Taken;
                }
            }

            shard.IsParking = true;
            if (shard.NotTaken.Count >= Room)
            {
                return false;
            }

            Interlocked.Increment(ref _notHere);
            shard.NotTaken.Add((id, order));
            return true;
        }
    }

    private bool TryRelease(ParkedShard shard)
    {
        lock (shard)
        {
            List<(EntityId Id, Order Order)> due = [.. shard.Returned, .. shard.NotTaken];
            shard.Returned.Clear();
            shard.NotTaken.Clear();
            shard.IsParking = true;
            for (int i = 0; i < due.Count; i++)
            {
                if (Region!.TryTell(due[i].Id, due[i].Order) != TellResult.Taken)
                {
                    shard.NotTaken.AddRange(due[i..]);
                    return false;
                }
            }

            shard.IsParking = false;
            return true;
        }
    }

    private sealed class ParkedShard
    {
        public bool IsParking { get; set; }

        public List<(EntityId Id, Order Order)> Returned { get; } = [];

        public List<(EntityId Id, Order Order)> NotTaken { get; } = [];
    }
}
