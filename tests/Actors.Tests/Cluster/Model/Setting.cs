namespace SimplexActors.Actors.Tests.Cluster.Model;

/// <summary>What a search explores. Of all that is allowed to happen, it may as often as it wants.</summary>
/// <param name="Shards">1 or 2.</param>
/// <param name="HasCrashes">Processes die.</param>
/// <param name="HasLosses">Questions and answers are lost, or come late.</param>
/// <param name="HasWrites">Owners write.</param>
/// <param name="Mutation">What is broken on purpose.</param>
/// <param name="MostLate">Late questions at a time: 1 or 2.</param>
/// <param name="ServeFor">Steps for which a node serves.</param>
internal sealed record Setting(
    int Shards,
    bool HasCrashes,
    bool HasLosses,
    bool HasWrites,
    Mutation Mutation = Mutation.None,
    int MostLate = 1,
    int ServeFor = 2)
{
    /// <summary>The times.</summary>
    public Times Times => new(ServeFor);

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Mutation}, {Shards} shards, crashes {HasCrashes}, losses {HasLosses} ({MostLate} late), writes {HasWrites}, served for {ServeFor}";

    /// <summary>The database takes writes with an older number.</summary>
    public bool TakesOldWrites => Mutation is Mutation.NoFence or Mutation.ClaimKeepsRange;
}
