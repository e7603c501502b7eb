using System.Runtime.InteropServices;
using SimplexActors.Actors.Cluster.Ownership;

namespace SimplexActors.Actors.Tests.Cluster.Model;

/// <summary>The times of a search, in steps of a clock.</summary>
/// <param name="ServeFor">For which a node serves.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Times(int ServeFor)
{
    /// <summary>After which a silent node is dead.</summary>
    public int ClaimAfter => ServeFor + 1;

    /// <summary>Without an answer after which a node forgets who was silent.</summary>
    public int LongestPause => ServeFor / 2;

    // Ages from here on are all the same: nothing is left of a lease, and a pause was too long, or a silence long enough.
    public int OldestAsked => ServeFor;

    public int OldestAnswered => (2 * LongestPause) + 1;

    public int OldestSeen => ClaimAfter + OldestAsked;

    /// <summary>For the program's decisions. One step is a second.</summary>
    public OwnershipOptions ToOptions() => new()
    {
        Heartbeat = TimeSpan.FromSeconds(0.5),
        ServeFor = TimeSpan.FromSeconds(ServeFor),
        ClaimAfter = TimeSpan.FromSeconds(ClaimAfter),
    };
}
