using Xunit;

namespace SimplexActors.Actors.Tests.Cluster.Model;

/// <summary>The worlds that <see cref="Reduction"/> leaves are those that there are without it.</summary>
[Collection(ModelCollection.Name)]
public sealed class ReductionTests(Everything everything, ITestOutputHelper output)
{
    /// <summary>Where all worlds can be visited without a reduction too.</summary>
    [Fact]
    public void Reduced_worlds_are_the_plain_ones_reduced()
    {
        var setting = new Setting(Shards: 2, HasCrashes: false, HasLosses: false, HasWrites: true, ServeFor: 1);
        var explorer = new Explorer(setting);
        Assert.Empty(explorer.Explore());
        var found = new HashSet<int?>();
        var observed = new HashSet<Observed>();
        int worlds = 0;
        foreach (World world in new PlainWorlds(setting).Nearest(int.MaxValue))
        {
            worlds++;
            found.Add(explorer.Find(world));
            observed.Add(Observed.Of(world));
        }

        output.WriteLine($"{worlds} worlds, {explorer.Worlds} reduced");
        Assert.DoesNotContain(null, found);
        Assert.Equal(explorer.Worlds, found.Count);
        Assert.True(observed.SetEquals(ObservedBy(explorer)));
    }

    /// <summary>Where they are too many: those near the start, and ways of some steps without a reduction from all over the worlds.</summary>
    [Fact]
    public void Steps_without_reduction_lead_to_reduced_worlds()
    {
        Explorer explorer = everything.Explorer;
        var plain = new PlainWorlds(Everything.Setting);
        var random = new Random(1);
        IEnumerable<World> near = plain.Nearest(50_000);
        IEnumerable<World> far = explorer.Reached.Where((_, index) => index % 400 == 0).SelectMany(world => plain.Walk(world, random, steps: 10));
        HashSet<Observed> observed = ObservedBy(explorer);
        var found = new HashSet<int>();
        foreach (World world in near.Concat(far))
        {
            found.Add(Assert.NotNull(explorer.Find(world)));
            Assert.Contains(Observed.Of(world), observed);
        }

        output.WriteLine($"{found.Count} of {explorer.Worlds} reduced worlds");
    }

    private static HashSet<Observed> ObservedBy(Explorer explorer) =>
        [.. explorer.Reached.SelectMany(world => new[] { Observed.Of(world), Observed.Of(Symmetry.Swap(world)) })];
}
