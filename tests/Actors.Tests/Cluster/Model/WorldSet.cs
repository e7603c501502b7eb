namespace SimplexActors.Actors.Tests.Cluster.Model;

/// <summary>Worlds of 64 bits, in the order in which they were added, each with the one that it was reached from.</summary>
internal sealed class WorldSet
{
    private const int ChunkBits = 20;
    private const int ChunkMask = (1 << ChunkBits) - 1;

    private readonly List<ulong[]> _worlds = [];
    private readonly List<int[]> _parents = [];

    // Numbers of worlds plus one; 0 is free.
    private int[] _slots = new int[1 << 16];

    public int Count { get; private set; }

    public ulong this[int index] => _worlds[index >> ChunkBits][index & ChunkMask];

    public int ParentOf(int index) => _parents[index >> ChunkBits][index & ChunkMask];

    /// <summary>Adds a world that is new, and finds one that is not.</summary>
    /// <returns>Its number.</returns>
    public int Add(ulong world, int parent)
    {
        int slot = SlotOf(world);
        if (_slots[slot] != 0)
        {
            return _slots[slot] - 1;
        }

        if ((Count & ChunkMask) == 0)
        {
            _worlds.Add(new ulong[ChunkMask + 1]);
            _parents.Add(new int[ChunkMask + 1]);
        }

        _worlds[^1][Count & ChunkMask] = world;
        _parents[^1][Count & ChunkMask] = parent;
        _slots[slot] = ++Count;
        if (Count > _slots.Length / 3 * 2)
        {
            Grow();
        }

        return Count - 1;
    }

    /// <summary>The number of a world; null when it was not added.</summary>
    public int? Find(ulong world) => _slots[SlotOf(world)] is not 0 and var number ? number - 1 : null;

    private int SlotOf(ulong world)
    {
        int mask = _slots.Length - 1;
        int slot = (int)(Mix(world) >> 20) & mask;
        while (_slots[slot] != 0 && this[_slots[slot] - 1] != world)
        {
            slot = (slot + 1) & mask;
        }

        return slot;
    }

    private void Grow()
    {
        _slots = new int[_slots.Length * 2];
        for (int index = 0; index < Count; index++)
        {
            _slots[SlotOf(this[index])] = index + 1;
        }
    }

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58_476D_1CE4_E5B9;
        value = (value ^ (value >> 27)) * 0x94D0_49BB_1331_11EB;
        return value ^ (value >> 31);
    }
}
