using System.Runtime.InteropServices;
using SimplexActors.Actors.Cluster.Ownership;

namespace SimplexActors.Actors.Tests.Cluster.Model;

/// <summary>
/// The canonical form of a world. Of numbers that only grow - of processes, heartbeats, claims - nothing but equality
/// matters, and that a new one is greater than all: they are replaced by their ranks, which makes the worlds finitely many.
/// </summary>
internal sealed class WorldKey
{
    // More than there can be different numbers of a kind in one world, each of which is at most one greater than a rank.
    private const int MostNumbers = 24;

    private readonly byte[][] _ranks = [.. Enumerable.Range(0, 6).Select(_ => new byte[MostNumbers])];

    /// <summary>Replaces the numbers by their ranks.</summary>
    public World Canonical(World world)
    {
        foreach (byte[] ranks in _ranks)
        {
            Array.Clear(ranks);
        }

        Map(world, static (ranks, value) => ranks[value] = 1);
        foreach (byte[] ranks in _ranks)
        {
            byte rank = 0;
            ranks[0] = 0;
            for (int value = 1; value < ranks.Length; value++)
            {
                ranks[value] = ranks[value] == 0 ? (byte)0 : ++rank;
            }
        }

        return Map(world, static (ranks, value) => ranks[value]);
    }

    /// <summary>A canonical world in 128 bits: of a hundred million worlds, two are mistaken for one with a chance of 1 in 10^22.</summary>
    public static (ulong High, ulong Low) Encode(World world)
    {
        Span<char> text = stackalloc char[96];
        text.Clear();
        int at = 0;
        Put(text, ref at, world.Database);
        Put(text, ref at, world.First);
        Put(text, ref at, world.Second);
        Put(text, ref at, world.Late);
        Write write = world.Write;
        text[at++] = Char(write.IsSent ? 1 + write.Shard + (write.IsChecked ? 2 : 0) : 0, write.Seq);
        text[at++] = Char(world.Skew, world.CrashesLeft);
        text[at++] = Char(world.LossesLeft, world.WritesLeft);
        ulong high = 0x9E37_79B9_7F4A_7C15;
        ulong low = 0xC2B2_AE3D_27D4_EB4F;
        foreach (ulong word in MemoryMarshal.Cast<char, ulong>(text[..((at + 3) & ~3)]))
        {
            high = Mix(high ^ word);
            low = Mix(low + (word * 0xFF51_AFD7_ED55_8CCD) + 1);
        }

        return (high, low);
    }

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58_476D_1CE4_E5B9;
        value = (value ^ (value >> 27)) * 0x94D0_49BB_1331_11EB;
        return value ^ (value >> 31);
    }

    private static char Char(int high, int low) => (char)((high << 8) | low);

    private static void Put(Span<char> text, ref int at, Pair pair) => text[at++] = Char(pair.First, pair.Second);

    private static void Put(Span<char> text, ref int at, in Snapshot seen)
    {
        Put(text, ref at, seen.RowGen);
        Put(text, ref at, seen.RowBeats);
        Put(text, ref at, seen.Owner);
        Put(text, ref at, seen.Seq);
    }

    private static void Put(Span<char> text, ref int at, in Request request)
    {
        text[at++] = Char((byte)request.Kind, request.Node);
        text[at++] = Char(request.Gen, request.Target);
        text[at++] = Char(request.TargetGen, request.TargetBeats);
        text[at++] = Char(request.Mask, 0);
        Put(text, ref at, request.Seqs);
    }

    private static void Put(Span<char> text, ref int at, Process process)
    {
        text[at++] = Char((byte)process.Life, process.Gen);
        text[at++] = Char(process.Lease, process.Grown);
        text[at++] = Char((byte)process.FirstHold.State, (byte)process.FirstHold.RangeId);
        text[at++] = Char((byte)process.SecondHold.State, (byte)process.SecondHold.RangeId);
        text[at++] = Char(process.IsWatching ? 1 : 0, process.AnsweredAge);
        text[at++] = Char(process.WatchedGen, process.WatchedBeats);
        text[at++] = Char(process.WatchedSince, process.AskedAge);
        Put(text, ref at, process.Asked);
        text[at++] = Char((byte)process.Answered.Kind, process.Answered.Gen);
        text[at++] = Char(process.Answered.Mask, process.ThenClaim);
        Put(text, ref at, process.Answered.Seen);
        Put(text, ref at, process.Answered.Seqs);
        Put(text, ref at, process.ThenSeqs);
    }

    // Ranks: numbers of processes by node, heartbeats by node, claims by shard.
    private byte[] Gens(int node) => _ranks[node];

    private byte[] Beats(int node) => _ranks[2 + node];

    private byte[] Claims(int shard) => _ranks[4 + shard];

    private World Map(World world, Func<byte[], byte, byte> map)
    {
        return world with
        {
            Database = Map(world.Database, map),
            First = Map(world.First, 0, map),
            Second = Map(world.Second, 1, map),
            Late = Map(world.Late, map),
            Write = world.Write with { Seq = map(Claims(world.Write.Shard), world.Write.Seq) },
        };
    }

    private Snapshot Map(in Snapshot seen, Func<byte[], byte, byte> map) => new(
        new Pair(map(Gens(0), seen.RowGen.First), map(Gens(1), seen.RowGen.Second)),
        new Pair(map(Beats(0), seen.RowBeats.First), map(Beats(1), seen.RowBeats.Second)),
        seen.Owner,
        MapClaims(seen.Seq, map));

    private Pair MapClaims(Pair claims, Func<byte[], byte, byte> map) => new(map(Claims(0), claims.First), map(Claims(1), claims.Second));

    private Request Map(in Request request, Func<byte[], byte, byte> map) => request with
    {
        Gen = map(Gens(request.Node), request.Gen),
        TargetGen = map(Gens(request.Target), request.TargetGen),
        TargetBeats = map(Beats(request.Target), request.TargetBeats),
        Seqs = MapClaims(request.Seqs, map),
    };

    private Process Map(Process process, int node, Func<byte[], byte, byte> map)
    {
        int watched = process.Life == Life.Joining ? node : 1 - node;
        return process with
        {
            Gen = map(Gens(node), process.Gen),
            FirstHold = Map(process.FirstHold, 0, map),
            SecondHold = Map(process.SecondHold, 1, map),
            WatchedGen = map(Gens(watched), process.WatchedGen),
            WatchedBeats = map(Beats(watched), process.WatchedBeats),
            Asked = Map(process.Asked, map),
            ThenSeqs = MapClaims(process.ThenSeqs, map),
            Answered = process.Answered with
            {
                Gen = map(Gens(node), process.Answered.Gen),
                Seen = Map(process.Answered.Seen, map),
                Seqs = MapClaims(process.Answered.Seqs, map),
            },
        };
    }

    private ShardHold Map(ShardHold hold, int shard, Func<byte[], byte, byte> map) => hold with { RangeId = map(Claims(shard), (byte)hold.RangeId) };
}
