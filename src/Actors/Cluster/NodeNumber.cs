using System.Globalization;

namespace SimplexActors.Actors.Cluster;

/// <summary>One process of the cluster. The database hands the numbers out and never uses one twice: a node that starts again has a new one.</summary>
/// <param name="Value">From 1; 0 for no node.</param>
public readonly record struct NodeNumber(long Value)
{
    /// <summary>No node.</summary>
    public static NodeNumber None => default;

    /// <summary>True for no node.</summary>
    public bool IsNone => Value == 0;

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
