namespace SimplexActors.Actors.Tests.Cluster.Model;

/// <summary>
/// Reduced worlds in 64 bits, made of the numbers of two processes and of what they share. Of a world and the one in which
/// nodes and shards have changed places (<see cref="Symmetry"/>) the smaller stands for both.
/// </summary>
internal sealed class WorldNumbers(Setting setting)
{
    private const int Bits = 21;
    private const int Mask = (1 << Bits) - 1;

    private readonly Interned<Process> _processes = new();
    private readonly Interned<Shared> _shared = new();
    private readonly List<(int Swapped, int Claimed, int Served)> _ofProcess = [];
    private readonly List<(int Swapped, int Database)> _ofShared = [];

    /// <summary>Numbers of what the database has, reduced or not.</summary>
    public Interned<Snapshot> Databases { get; } = new();

    public Process Process(int number) => _processes[number];

    public Shared Shared(int number) => _shared[number];

    /// <summary>The number of what the database has.</summary>
    public int DatabaseOf(int shared) => _ofShared[shared].Database;

    /// <summary>Bits of the shards that a process serves.</summary>
    public int ServedBy(int process) => _ofProcess[process].Served;

    public int Of(Process process)
    {
        int number = _processes.Of(process);
        if (number == _ofProcess.Count)
        {
            _ofProcess.Add((number, Reduction.Claimed(process), Invariants.Served(process)));
            int swapped = Of(Symmetry.Swap(process));
            _ofProcess[number] = _ofProcess[number] with { Swapped = swapped };
        }

        return number;
    }

    public int Of(Shared shared)
    {
        int number = _shared.Of(shared);
        if (number == _ofShared.Count)
        {
            _ofShared.Add((number, Databases.Of(shared.Database)));
            int swapped = Of(Symmetry.Swap(shared));
            _ofShared[number] = _ofShared[number] with { Swapped = swapped };
        }

        return number;
    }

    /// <summary>The number of a world.</summary>
    public ulong World(int first, int second, int shared)
    {
        Shared at = _shared[shared];
        if (at.Checked != 0)
        {
            byte delaying = Reduction.Delaying(at, _ofProcess[first].Claimed | _ofProcess[second].Claimed);
            shared = delaying == at.Checked ? shared : Of(at with { Checked = delaying });
        }

        ulong world = Pack(first, second, shared);
        return setting.Shards == 1
            ? world
            : Math.Min(world, Pack(_ofProcess[second].Swapped, _ofProcess[first].Swapped, _ofShared[shared].Swapped));
    }

    /// <summary>The numbers of its parts.</summary>
    public static (int First, int Second, int Shared) Parts(ulong world) =>
        ((int)(world >> (2 * Bits)), (int)(world >> Bits) & Mask, (int)world & Mask);

    /// <summary>Three numbers in one.</summary>
    public static ulong Pack(int first, int second, int third)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Math.Max(first, Math.Max(second, third)), Mask);
        return ((ulong)first << (2 * Bits)) | ((ulong)second << Bits) | (uint)third;
    }
}
