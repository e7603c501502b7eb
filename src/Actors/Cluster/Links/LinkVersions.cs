using System.Runtime.InteropServices;

namespace SimplexActors.Actors.Cluster.Links;

/// <summary>A range of versions, both ends included. A release speaks its own and that of the release before it, so that nodes can be replaced one by one.</summary>
/// <param name="Min">The oldest.</param>
/// <param name="Max">The newest.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct LinkVersions(ushort Min, ushort Max)
{
    /// <summary>The newest version that both ranges hold; null when they do not meet.</summary>
    public ushort? AgreeWith(LinkVersions other)
    {
        ushort version = Math.Min(Max, other.Max);
        return version >= Math.Max(Min, other.Min) ? version : null;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Min}-{Max}";
}
