namespace SimplexActors.Actors.Tests.Cluster.Model;

/// <summary>
/// Another name for each node and each shard: the first node should have the first shard, the second the second, and apart from
/// that nobody tells them apart. The clock that may go on alone is then the other's.
/// </summary>
internal static class Symmetry
{
    public static World Swap(World world) => new(Swap(world.Shared), Swap(world.Second), Swap(world.First));

    public static Process Swap(Process process) => process with
    {
        FirstHold = process.SecondHold,
        SecondHold = process.FirstHold,
        Asked = Swap(process.Asked),
        Answered = process.Answered with
        {
            Seen = Swap(process.Answered.Seen),
            Mask = Swap(process.Answered.Mask),
            Seqs = Swap(process.Answered.Seqs),
        },
        ThenClaim = Swap(process.ThenClaim),
        ThenSeqs = Swap(process.ThenSeqs),
    };

    public static Shared Swap(Shared shared) => (shared with
    {
        Database = Swap(shared.Database),
        Late = Swap(shared.Late),
        AlsoLate = Swap(shared.AlsoLate),
        Opened = Swap(shared.Opened),
        OpenedBefore = Swap(shared.OpenedBefore),
        Checked = Swap(shared.Checked),
        Overtaken = Swap(shared.Overtaken),
        Clocks = shared.Clocks.Ahead == 0 ? shared.Clocks : shared.Clocks with { Ahead = (byte)(3 - shared.Clocks.Ahead) },
    }).Sorted();

    private static Snapshot Swap(in Snapshot seen) => new(
        Swap(seen.RowGen), Swap(seen.RowBeats), new Pair(Owner(seen.Owner.Second), Owner(seen.Owner.First)), Swap(seen.Seq));

    private static byte Owner(byte owner) => owner is 1 or 2 ? (byte)(3 - owner) : owner;

    private static Request Swap(in Request request) => request.Kind == Ask.Nothing ? request : request with
    {
        Node = (byte)(request.Kind == Ask.Declare ? 0 : 1 - request.Node),
        Target = (byte)(request.Kind == Ask.Declare ? 1 - request.Target : 0),
        Mask = Swap(request.Mask),
        Seqs = Swap(request.Seqs),
    };

    private static Pair Swap(Pair pair) => new(pair.Second, pair.First);

    private static byte Swap(byte mask) => (byte)(((mask & 1) << 1) | (mask >> 1));
}
