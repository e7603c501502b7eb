using Npgsql;
using SimplexActors.Actors.Cluster.Membership;

namespace SimplexActors.Actors.Cluster.Ownership;

/// <summary>
/// Divides what a stopped cluster serves into another number of shards. Nothing that is stored knows its shard: only the table of
/// owners changes. Whoever still writes under an old claim is refused, and a node that slept through it finds another number
/// than its own when it wants to join again.
/// </summary>
/// <param name="source">Of the database (<see cref="ClusterDataSource"/>); stays the caller's.</param>
/// <param name="options">The times of the cluster.</param>
/// <param name="time">Measures how long a member is silent.</param>
public sealed class ShardCountChange(NpgsqlDataSource source, OwnershipOptions options, TimeProvider time)
{
    private readonly MonotonicClock _clock = new(time);
    private readonly Dictionary<string, NameWatch> _watched = [];

    /// <summary>Changes the number once there is no member, and declares those dead whose processes ended without leaving.</summary>
    /// <param name="shards">The new number.</param>
    /// <param name="waiting">Told the names of the members that it has to wait for, if any, once.</param>
    /// <param name="cancellation">Ends the wait; then nothing was changed.</param>
    /// <returns>The number before.</returns>
    /// <exception cref="ClusterJoinException">A node runs, or there is no cluster yet.</exception>
    /// <exception cref="NpgsqlException">The database does not answer, or has no tables of a cluster.</exception>
    /// <exception cref="TimeoutException">The database does not answer in time.</exception>
    public async Task<int> RunAsync(int shards, Action<IReadOnlyList<string>> waiting, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(shards);
        ArgumentNullException.ThrowIfNull(waiting);
        if (await ClusterStatusReader.ReadAgreementAsync(source, cancellation) is not { ShardCount: int before })
        {
            throw new ClusterJoinException("No node has joined this cluster yet: the first one takes the number of its configuration.");
        }

        if (before == shards)
        {
            return before;
        }

        await using var database = new ClusterDatabase(source, options.QuestionTimeout, time);
        List<string> members = await database.SetShardCountAsync(shards, cancellation);
        if (members.Count > 0)
        {
            waiting(members);
        }

        while (members.Count > 0)
        {
            foreach (string name in members)
            {
                await LookAtAsync(database, name, cancellation);
            }

            await Task.Delay(options.Heartbeat / 2, time, cancellation);

            // One that froze in the middle of a transaction would hold up the change.
            await database.EndHoldersAsync([.. Enumerable.Range(0, before)], cancellation);
            members = await database.SetShardCountAsync(shards, cancellation);
        }

        return before;
    }

    private async Task LookAtAsync(ClusterDatabase database, string name, CancellationToken cancellation)
    {
        TimeSpan asked = _clock.Now;
        (ClusterNode? row, long version) = await database.FindAsync(name, cancellation);
        if (row is null)
        {
            return;
        }

        (_watched[name], NameVerdict verdict) = NameWatch.See(_watched.GetValueOrDefault(name), row, asked, _clock.Now, options.ClaimAfter);
        switch (verdict)
        {
            case NameVerdict.Taken:
                throw new ClusterJoinException($"Node '{name}' runs at {row.LinkHost}:{row.LinkPort}: stop all nodes of the cluster first; nothing was changed.");
            case NameVerdict.Dead:
                await database.DeclareGoneAsync(NodeNumber.None, version, [row], cancellation);
                break;
        }
    }
}
