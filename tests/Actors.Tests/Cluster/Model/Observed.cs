using System.Runtime.InteropServices;
using SimplexActors.Actors.Cluster.Ownership;

namespace SimplexActors.Actors.Tests.Cluster.Model;

/// <summary>What can be seen of a world from outside: who is a member, who owns, who serves, and for how long.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Observed(Pair Members, Pair Owner, (HoldState State, byte Lease) FirstInFirst, (HoldState State, byte Lease) SecondInFirst, (HoldState State, byte Lease) FirstInSecond, (HoldState State, byte Lease) SecondInSecond)
{
    public static Observed Of(World world) => new(
        new Pair(Math.Min((byte)1, world.Shared.Database.RowGen.First), Math.Min((byte)1, world.Shared.Database.RowGen.Second)),
        world.Shared.Database.Owner,
        Of(world.First, 0),
        Of(world.First, 1),
        Of(world.Second, 0),
        Of(world.Second, 1));

    private static (HoldState State, byte Lease) Of(Process process, int shard) =>
        process.Serves(shard) ? (process.Hold(shard).State, process.Lease) : default;
}
