namespace SimplexActors.Actors.Cluster.Membership;

/// <summary>What a starting node learns of the member that has its name already.</summary>
public enum NameVerdict : byte
{
    /// <summary>Not known yet, or it is leaving: look again.</summary>
    Wait = 1,

    /// <summary>It was silent for so long that it is dead.</summary>
    Dead = 2,

    /// <summary>It lives: two nodes have one name.</summary>
    Taken = 3,
}

/// <summary>
/// Watches the member that has the name of a node that wants to join: mostly the process before a restart, whose
/// heartbeats are over; but two nodes with one name would take each other's shards for ever.
/// </summary>
/// <param name="Row">As it was seen last.</param>
/// <param name="Since">When this count of heartbeats was seen first, on this node's clock.</param>
/// <param name="Grown">How often the count grew.</param>
public sealed record NameWatch(ClusterNode Row, TimeSpan Since, int Grown)
{
    // One may have been on its way when its process died.
    private const int HeartbeatsOfTheLiving = 2;

    /// <summary>Takes what the database says of the name now.</summary>
    /// <param name="before">What was known; null at first.</param>
    /// <param name="row">The member with the name.</param>
    /// <param name="asked">When this was asked.</param>
    /// <param name="answered">When the answer came.</param>
    /// <param name="claimAfter">Silence after which a node is dead.</param>
    public static (NameWatch Watch, NameVerdict Verdict) See(NameWatch? before, ClusterNode row, TimeSpan asked, TimeSpan answered, TimeSpan claimAfter)
    {
        ArgumentNullException.ThrowIfNull(row);
        if (before is null || before.Row.Number != row.Number)
        {
            return (new NameWatch(row, answered, 0), NameVerdict.Wait);
        }

        if (before.Row.Heartbeats == row.Heartbeats)
        {
            return (before, asked - before.Since >= claimAfter ? NameVerdict.Dead : NameVerdict.Wait);
        }

        var now = new NameWatch(row, answered, before.Grown + 1);
        bool isTaken = now.Grown >= HeartbeatsOfTheLiving && row.State == NodeState.Live;
        return (now, isTaken ? NameVerdict.Taken : NameVerdict.Wait);
    }
}
