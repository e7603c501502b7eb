using System.Diagnostics;
using Xunit;

namespace SimplexActors.Actors.Tests.Cluster.Model;

/// <summary>
/// Every interleaving of two nodes and two shards (or one, with more going wrong) with the program's own decisions: so many
/// crashes, messages lost or carried out late and late writes as each test says; restarts, delays and time without bound, and
/// clocks of which one may be a step ahead. A node serves for two steps and is declared dead after three.
/// </summary>
public sealed class OwnershipModelTests(ITestOutputHelper output)
{
    private const int MostWorlds = 3_000_000;

    [Theory]
    [InlineData(1, 1, 0, 1)]
    [InlineData(1, 0, 1, 1)]
    [InlineData(2, 0, 0, 0)]
    public void No_order_of_events_gives_a_shard_two_owners_or_none_for_ever(int shards, int crashes, int losses, int writes) =>
        Assert.Empty(Explore(Mutation.None, shards, crashes, losses, writes));

    // Minutes and gigabytes: for who changes the protocol.
    [Theory(Explicit = true)]
    [InlineData(1, 1, 1, 1)]
    [InlineData(2, 0, 0, 1)]
    [InlineData(2, 1, 0, 0)]
    [InlineData(2, 0, 1, 0)]
    [InlineData(2, 1, 0, 1)]
    public void No_order_of_many_more_events_does(int shards, int crashes, int losses, int writes) =>
        Assert.Empty(Explore(Mutation.None, shards, crashes, losses, writes, most: 60_000_000));

    [Theory]
    [InlineData(1, 1, 0, 1, "stored after a newer claim")]
    [InlineData(2, 1, 0, 1, "stored after a newer claim")]
    [InlineData(3, 0, 0, 0, "not its own")]
    [InlineData(4, 1, 0, 1, "stored after a newer claim")]
    [InlineData(5, 0, 0, 0, "not its own")]
    [InlineData(6, 0, 0, 0, "not its own")]
    [InlineData(7, 0, 0, 0, "not its own")]
    [InlineData(8, 0, 0, 0, "no way")]
    public void What_is_broken_on_purpose_is_found(int mutation, int crashes, int losses, int writes, string expected)
    {
        IReadOnlyList<string> found = Explore((Mutation)mutation, shards: 1, crashes, losses, writes);
        Assert.Contains(expected, Assert.Single(found.TakeLast(1)));
    }

    private IReadOnlyList<string> Explore(Mutation mutation, int shards, int crashes, int losses, int writes, int most = MostWorlds)
    {
        var explorer = new Explorer(mutation, shards);
        long began = Stopwatch.GetTimestamp();
        IReadOnlyList<string> found = explorer.Explore(
            new World { CrashesLeft = (byte)crashes, LossesLeft = (byte)losses, WritesLeft = (byte)writes }, most);
        output.WriteLine($"{explorer.States} worlds, {explorer.Steps} steps, {Stopwatch.GetElapsedTime(began)}");
        foreach (string step in found)
        {
            output.WriteLine(step);
        }

        return found;
    }
}
