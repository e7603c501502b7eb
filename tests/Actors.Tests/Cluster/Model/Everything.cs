using System.Diagnostics;
using Xunit;

namespace SimplexActors.Actors.Tests.Cluster.Model;

/// <summary>The search with two shards and all that may go wrong: made once, for all tests that look at it.</summary>
public sealed class Everything
{
    private readonly Lazy<(Explorer Explorer, IReadOnlyList<string> Found, TimeSpan Took)> _explored = new(() =>
    {
        var explorer = new Explorer(Setting);
        long began = Stopwatch.GetTimestamp();
        return (explorer, explorer.Explore(), Stopwatch.GetElapsedTime(began));
    });

    internal static Setting Setting { get; } = new(Shards: 2, HasCrashes: true, HasLosses: true, HasWrites: true);

    internal Explorer Explorer => _explored.Value.Explorer;

    internal IReadOnlyList<string> Found => _explored.Value.Found;

    internal TimeSpan Took => _explored.Value.Took;
}

[CollectionDefinition(Name)]
public sealed class ModelCollection : ICollectionFixture<Everything>
{
    internal const string Name = "ownership model";
}
