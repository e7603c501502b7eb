namespace SimplexActors.Actors.Statistics;

/// <summary>
/// A part of <see cref="ActiveQueues"/>: a hash table of 8 bytes a queue, open addressing, at most three quarters
/// full. An entry is the upper 58 bits of a queue's hash and 6 bits of <see cref="ActivePeriods"/>; as an entry without a
/// period is no entry, zero means a free place.
/// </summary>
internal sealed class ActiveQueueStripe(int limit)
{
    private const ulong PeriodBits = (ulong)ActivePeriods.All;
    private const int SmallestTable = 16;

    private readonly Lock _gate = new();
    private readonly List<ulong> _unsaved = [];
    private readonly int[] _counts = new int[ActiveQueues.Periods];
    private ulong[] _table = new ulong[SmallestTable];
    private ActivePeriods _incomplete;
    private int _count;
    private long _savedEntries;
    private bool _savesWhole;

    /// <summary>Adds periods to a queue; a queue that is not there is left out when the stripe is full.</summary>
    /// <param name="entry">Hash and periods.</param>
    /// <param name="isSaved">The entry comes from the store.</param>
    public void Add(ulong entry, bool isSaved = false)
    {
        lock (_gate)
        {
            int place = PlaceOf(_table, entry);
            ulong known = _table[place];
            if (known == 0)
            {
                if (_count >= limit)
                {
                    _incomplete |= (ActivePeriods)(entry & PeriodBits);
                    return;
                }

                place = Grow(entry, place);
                _count++;
            }

            ulong added = entry & PeriodBits & ~known;
            if (added == 0)
            {
                return;
            }

            _table[place] = entry | known;
            for (int i = 0; i < _counts.Length; i++)
            {
                _counts[i] += (int)(added >> i) & 1;
            }

            if (!isSaved)
            {
                Remember(entry);
            }
        }
    }

    /// <summary>Adds the numbers of this stripe, and the periods in which some queues were left out.</summary>
    public void AddCounts(Span<long> counts, ref ActivePeriods incomplete)
    {
        lock (_gate)
        {
            incomplete |= _incomplete;
            for (int i = 0; i < _counts.Length; i++)
            {
                counts[i] += _counts[i];
            }
        }
    }

    /// <summary>The store holds so many entries that were not saved by this process.</summary>
    public void Stored(int entries)
    {
        lock (_gate)
        {
            _savedEntries += entries;
        }
    }

    /// <summary>Forgets periods, and the queues that are left without one.</summary>
    public void Forget(ActivePeriods ended)
    {
        ulong keep = ~(ulong)ended;
        lock (_gate)
        {
            ulong[] rest = [.. _table.Select(entry => entry & keep).Where(entry => (entry & PeriodBits) != 0)];
            _table = new ulong[SizeFor(rest.Length)];
            _count = rest.Length;
            foreach (ulong entry in rest)
            {
                _table[PlaceOf(_table, entry)] = entry;
            }

            _incomplete &= ~ended;
            for (int i = 0; i < _counts.Length; i++)
            {
                _counts[i] *= ((int)ended >> i) & 1 ^ 1;
            }

            ulong[] unsaved = [.. _unsaved.Select(entry => entry & keep).Where(entry => (entry & PeriodBits) != 0)];
            _unsaved.Clear();
            _unsaved.AddRange(unsaved);
        }
    }

    /// <summary>
    /// What has to be stored: the entries that changed, or all of them in place of everything stored before, when that
    /// holds far more than is left, or when it is not known what is stored.
    /// </summary>
    /// <returns>Null when nothing changed.</returns>
    public (bool ReplacesAll, ulong[] Entries)? TakeUnsaved()
    {
        lock (_gate)
        {
            if (_savesWhole || _savedEntries + _unsaved.Count > Limits.ActiveQueueLogSlack + (2L * _count))
            {
                (_savesWhole, _savedEntries) = (false, _count);
                _unsaved.Clear();
                return (true, [.. _table.Where(entry => entry != 0)]);
            }

            if (_unsaved.Count == 0)
            {
                return null;
            }

            ulong[] entries = [.. _unsaved];
            _savedEntries += entries.Length;
            _unsaved.Clear();
            return (false, entries);
        }
    }

    /// <summary>What was taken was perhaps not stored: the next time, everything is.</summary>
    public void SaveWhole()
    {
        lock (_gate)
        {
            _savesWhole = true;
            _unsaved.Clear();
        }
    }

    private void Remember(ulong entry)
    {
        if (_savesWhole)
        {
            return;
        }

        _unsaved.Add(entry);
        if (_unsaved.Count > Limits.ActiveQueueLogSlack + _count)
        {
            // The store has not taken them for long; the whole table is smaller.
            _savesWhole = true;
            _unsaved.Clear();
        }
    }

    private int Grow(ulong entry, int place)
    {
        if (4 * (_count + 1) <= 3 * _table.Length)
        {
            return place;
        }

        ulong[] old = _table;
        _table = new ulong[old.Length * 2];
        foreach (ulong kept in old)
        {
            if (kept != 0)
            {
                _table[PlaceOf(_table, kept)] = kept;
            }
        }

        return PlaceOf(_table, entry);
    }

    private static int SizeFor(int entries)
    {
        int size = SmallestTable;
        while (3 * size < 4 * (entries + 1))
        {
            size *= 2;
        }

        return size;
    }

    /// <summary>Where the queue of an entry stands, or the free place where it would.</summary>
    private static int PlaceOf(ulong[] table, ulong entry)
    {
        int mask = table.Length - 1;
        int place = (int)(entry >> 6) & mask;
        while (table[place] != 0 && ((table[place] ^ entry) & ~PeriodBits) != 0)
        {
            place = (place + 1) & mask;
        }

        return place;
    }
}
