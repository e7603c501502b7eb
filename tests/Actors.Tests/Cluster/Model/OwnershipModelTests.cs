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
    /// <summary>Whether the searches that take long are wanted.</summary>
    public static bool ExploresMore => Environment.GetEnvironmentVariable("SIMPLEX_MODEL") is not null;

    private const int MostWorlds = 3_000_000;
    private const int NearWorlds = 400_000;

    [Theory]
    [InlineData(1, 0, 0, 1)]
    [InlineData(2, 0, 0, 0)]
    public void No_order_of_events_gives_a_shard_two_owners_or_none_for_ever(int shards, int crashes, int losses, int writes) =>
        Assert.Empty(Explore(Mutation.None, shards, crashes, losses, writes));

    /// <summary>With all that may go wrong there are too many worlds to visit each time: the nearest.</summary>
    [Fact]
    public void No_near_order_of_failures_gives_a_shard_two_owners() =>
        Assert.Empty(Explore(Mutation.None, shards: 2, crashes: 1, losses: 1, writes: 1, NearWorlds));

    [Theory(
        Skip = "takes minutes and gigabytes, for who changes the protocol: set SIMPLEX_MODEL=1",
        SkipUnless = nameof(ExploresMore))]
    [InlineData(1, 1, 0, 0)]
    [InlineData(1, 0, 1, 0)]
    [InlineData(1, 1, 0, 1)]
    [InlineData(2, 0, 0, 1)]
    [InlineData(2, 1, 0, 0)]
    public void No_order_of_many_more_events_does(int shards, int crashes, int losses, int writes) =>
        Assert.Empty(Explore(Mutation.None, shards, crashes, losses, writes, most: 60_000_000));

    [Theory]
    [InlineData(1, 0, 0, 1, "stored after a newer claim")]
    [InlineData(2, 0, 0, 1, "stored after a newer claim")]
    [InlineData(3, 0, 0, 0, "not its own")]
    [InlineData(4, 0, 0, 1, "stored after a newer claim")]
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
        output.WriteLine($"{explorer.States} worlds up to {explorer.Depth} steps away, {explorer.Steps} steps, {Stopwatch.GetElapsedTime(began)}");
        output.WriteLine(string.Join('\n', found));

        Assert.True(found.Count > 0 || explorer.IsComplete || most == NearWorlds, $"There are more than {most} worlds.");
        return found;
    }
}
