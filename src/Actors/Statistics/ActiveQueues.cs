using System.Runtime.InteropServices;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Actors.Statistics;

/// <summary>
/// How many distinct queues were used in the day, week and month (S-275, S-283, O-313): queues that a message was sent to
/// or received from, and of them those with a message that asked for a notification. Holds 58 bits of a hash of each
/// queue's id under a key of this store, so that nobody learns an id from it or prepares ids that count as one.
/// </summary>
/// <remarks>
/// Memory is bounded by <see cref="Limits.ActiveQueuesCounted"/>: queues beyond it are not counted, and the counts say so
/// until their period ends. Any thread; queues are spread over stripes that are locked one by one.
/// </remarks>
public sealed class ActiveQueues
{
    /// <summary>Parts of the table.</summary>
    internal const int Stripes = 16;

    private const int StripeShift = 60;

    private readonly byte[] _hashKey;
    private readonly ActiveQueueStripe[] _stripes;
    private int _day;

    /// <summary>No queues yet.</summary>
    /// <param name="hashKey">16 random bytes of this store.</param>
    /// <param name="day">Today, in whole days since the Unix epoch.</param>
    /// <param name="limit">Queues that are counted at most.</param>
    public ActiveQueues(ReadOnlySpan<byte> hashKey, int day, int limit = Limits.ActiveQueuesCounted)
    {
        (_hashKey, _day) = (hashKey.ToArray(), day);
        _stripes = [.. Enumerable.Range(0, Stripes).Select(_ => new ActiveQueueStripe(Math.Max(1, limit / Stripes)))];
    }

    /// <summary>Kinds of period: day, week and month of all messages, then of those with the notification flag.</summary>
    internal const int Periods = 6;

    /// <summary>The counts now.</summary>
    public ActiveQueueCounts Counts
    {
        get
        {
            Span<long> sums = stackalloc long[Periods];
            var incomplete = ActivePeriods.None;
            foreach (ActiveQueueStripe stripe in _stripes)
            {
                stripe.AddCounts(sums, ref incomplete);
            }

            return new ActiveQueueCounts(
                Count(sums[0], incomplete, ActivePeriods.Day), Count(sums[1], incomplete, ActivePeriods.Week),
                Count(sums[2], incomplete, ActivePeriods.Month), Count(sums[3], incomplete, ActivePeriods.NtfDay),
                Count(sums[4], incomplete, ActivePeriods.NtfWeek), Count(sums[5], incomplete, ActivePeriods.NtfMonth));
        }
    }

    /// <summary>A message was sent to the queue or received from it.</summary>
    /// <param name="recipientId">The queue.</param>
    /// <param name="notification">The message has the notification flag.</param>
    public void Use(in EntityId recipientId, bool notification)
    {
        ulong hash = ShortHash.Compute(_hashKey, recipientId.Bytes);
        Add(hash, notification ? ActivePeriods.All : ActivePeriods.Message);
    }

    /// <summary>The day changed: forgets the periods that ended with it.</summary>
    internal void BeginDay(int day)
    {
        ActivePeriods ended = Calendar.Ended(_day, day);
        _day = day;
        if (ended is ActivePeriods.None)
        {
            return;
        }

        foreach (ActiveQueueStripe stripe in _stripes)
        {
            stripe.Forget(ended);
        }
    }

    /// <summary>Takes over what was stored.</summary>
    internal void Load(StoredActiveQueues stored)
    {
        _stripes[stored.Stripe].Stored(stored.Entries.Length / sizeof(ulong));
        ActivePeriods kept = ActivePeriods.All & ~Calendar.Ended(stored.Day, _day);
        foreach (ulong entry in MemoryMarshal.Cast<byte, ulong>(stored.Entries.Span))
        {
            var periods = (ActivePeriods)(entry & (ulong)ActivePeriods.All) & kept;
            if (periods is not ActivePeriods.None)
            {
                Add(entry, periods, isSaved: true);
            }
        }
    }

    /// <summary>What changed since the last call.</summary>
    internal (IReadOnlyList<StoredActiveQueues> Entries, IReadOnlyList<int> ReplacedStripes) TakeUnsaved()
    {
        var taken = new List<StoredActiveQueues>();
        var replaced = new List<int>();
        for (int stripe = 0; stripe < Stripes; stripe++)
        {
            if (_stripes[stripe].TakeUnsaved() is not var (replacesAll, entries))
            {
                continue;
            }

            if (replacesAll)
            {
                replaced.Add(stripe);
            }

            taken.AddRange(entries
                .Chunk(Limits.ActiveQueuesPerRow)
                .Select(row => new StoredActiveQueues(stripe, _day, MemoryMarshal.AsBytes<ulong>(row).ToArray())));
        }

        return (taken, replaced);
    }

    /// <summary>What was taken was perhaps not stored.</summary>
    internal void SaveWhole()
    {
        foreach (ActiveQueueStripe stripe in _stripes)
        {
            stripe.SaveWhole();
        }
    }

    private void Add(ulong hash, ActivePeriods periods, bool isSaved = false) =>
        _stripes[hash >> StripeShift].Add((hash & ~(ulong)ActivePeriods.All) | (ulong)periods, isSaved);

    private static DistinctCount Count(long count, ActivePeriods incomplete, ActivePeriods period) => new(count, (incomplete & period) is not ActivePeriods.None);
}

/// <summary>Distinct queues of the running periods.</summary>
public sealed record ActiveQueueCounts(
    DistinctCount Day, DistinctCount Week, DistinctCount Month, DistinctCount NtfDay, DistinctCount NtfWeek, DistinctCount NtfMonth);

/// <summary>A number of distinct things.</summary>
/// <param name="Count">As many were counted.</param>
/// <param name="IsAtLeast">There were more than could be counted.</param>
public readonly record struct DistinctCount(long Count, bool IsAtLeast);
