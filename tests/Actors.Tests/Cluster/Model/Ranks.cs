namespace SimplexActors.Actors.Tests.Cluster.Model;

/// <summary>
/// Makes the worlds finitely many and nothing else: of numbers that only grow nothing but their order is kept. With this a
/// world is explored without <see cref="Reduction"/>, to see that both come to the same.
/// </summary>
internal sealed class Ranks
{
    // By node, by node, by shard.
    private readonly byte[][] _gens = Make();
    private readonly byte[][] _beats = Make();
    private readonly byte[][] _claims = Make();

    /// <summary>Replaces the numbers by their ranks.</summary>
    public World Of(World world)
    {
        byte[][] all = [.. _gens, .. _beats, .. _claims];
        foreach (byte[] ranks in all)
        {
            Array.Clear(ranks);
        }

        Map(world, static (ranks, value) => ranks[value] = 1);
        foreach (byte[] ranks in all)
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

    private static byte[][] Make() => [new byte[ModelDatabase.Fresh + 1], new byte[ModelDatabase.Fresh + 1]];

    private World Map(World world, Func<byte[], byte, byte> map) => new(
        world.Shared with { Database = Map(world.Shared.Database, map), Late = Map(world.Shared.Late, map), AlsoLate = Map(world.Shared.AlsoLate, map) },
        Map(world.First, 0, map),
        Map(world.Second, 1, map));

    private Snapshot Map(in Snapshot seen, Func<byte[], byte, byte> map) =>
        new(Map(_gens, seen.RowGen, map), Map(_beats, seen.RowBeats, map), seen.Owner, Map(_claims, seen.Seq, map));

    private static Pair Map(byte[][] ranks, Pair pair, Func<byte[], byte, byte> map) => new(map(ranks[0], pair.First), map(ranks[1], pair.Second));

    private Request Map(in Request request, Func<byte[], byte, byte> map) => request with
    {
        Gen = map(_gens[request.Node], request.Gen),
        TargetGen = map(_gens[request.Target], request.TargetGen),
        TargetBeats = map(_beats[request.Target], request.TargetBeats),
        Seqs = Map(_claims, request.Seqs, map),
    };

    private Process Map(Process process, int node, Func<byte[], byte, byte> map)
    {
        int watched = process.Life == Life.Joining ? node : 1 - node;
        return process with
        {
            Gen = map(_gens[node], process.Gen),
            FirstHold = process.FirstHold with { RangeId = map(_claims[0], (byte)process.FirstHold.RangeId) },
            SecondHold = process.SecondHold with { RangeId = map(_claims[1], (byte)process.SecondHold.RangeId) },
            WatchedGen = map(_gens[watched], process.WatchedGen),
            WatchedBeats = map(_beats[watched], process.WatchedBeats),
            Asked = Map(process.Asked, map),
            ThenSeqs = Map(_claims, process.ThenSeqs, map),
            Answered = process.Answered with
            {
                Gen = map(_gens[node], process.Answered.Gen),
                Seen = Map(process.Answered.Seen, map),
                Seqs = Map(_claims, process.Answered.Seqs, map),
            },
        };
    }
}
