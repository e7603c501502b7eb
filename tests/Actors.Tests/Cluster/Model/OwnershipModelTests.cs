using System.Diagnostics;
using Xunit;

namespace SimplexActors.Actors.Tests.Cluster.Model;

/// <summary>
/// Every interleaving of two nodes and two shards (or one) with the program's own decisions. Claims, heartbeats, releases, writes,
/// crashes, restarts, lost and late questions happen in any order, as often as they want and after any time; clocks run at different
/// rates (<see cref="Clocks"/>). What bounds it: a node serves for two steps and is declared dead after three, no question is late while
/// another one is, and what a node asks for happens in the database in one moment.
/// </summary>
[Collection(ModelCollection.Name)]
public sealed class OwnershipModelTests(Everything everything, ITestOutputHelper output)
{
    /// <summary>Whether the searches that take long are wanted.</summary>
    public static bool ExploresMore => Environment.GetEnvironmentVariable("SIMPLEX_MODEL") is not null;

    [Fact]
    public void No_order_of_events_gives_a_shard_two_writers_or_no_owner_for_ever()
    {
        Tell(Everything.Setting, everything.Explorer, everything.Took);
        Assert.Empty(everything.Found);
    }

    [Theory(
        Skip = "takes minutes and gigabytes, for who changes the protocol: set SIMPLEX_MODEL=1",
        SkipUnless = nameof(ExploresMore))]
    [InlineData(2, 2)]
    [InlineData(1, 3)]
    public void No_order_of_even_more_events_does(int mostLate, int serveFor) =>
        Assert.Empty(Explore(Everything.Setting with { MostLate = mostLate, ServeFor = serveFor }));

    [Theory]
    [InlineData(Mutation.NoFence, "stored after a newer claim")]
    [InlineData(Mutation.FenceWithoutLock, "stored after a newer claim")]
    [InlineData(Mutation.LeaseOutlivesClaim, "not its own")]
    [InlineData(Mutation.ClaimKeepsRange, "stored after a newer claim")]
    [InlineData(Mutation.ResumeUnchecked, "not its own")]
    [InlineData(Mutation.DeclareUnchecked, "not its own")]
    [InlineData(Mutation.LeaseFromAnswer, "not its own")]
    [InlineData(Mutation.ReleasedForEver, "no way")]
    public void What_is_broken_on_purpose_is_found(Mutation mutation, string expected)
    {
        for (int shards = 1; shards <= 2; shards++)
        {
            IReadOnlyList<string> found = Explore(new Setting(shards, HasCrashes: false, HasLosses: false, HasWrites: true, mutation));
            output.WriteLine(string.Join('\n', found));
            Assert.Contains(expected, Assert.Single(found.TakeLast(1)));
        }
    }

    private IReadOnlyList<string> Explore(Setting setting)
    {
        var explorer = new Explorer(setting);
        long began = Stopwatch.GetTimestamp();
        IReadOnlyList<string> found = explorer.Explore();
        Tell(setting, explorer, Stopwatch.GetElapsedTime(began));
        return found;
    }

    private void Tell(Setting setting, Explorer explorer, TimeSpan took) =>
        output.WriteLine($"{setting}: {explorer.Worlds} worlds up to {explorer.Depth} steps away, {explorer.Steps} steps, {took}");
}
