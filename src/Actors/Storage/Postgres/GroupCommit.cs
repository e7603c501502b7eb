using System.Collections.Immutable;
using Npgsql;
using SimplexActors.Actors.Engine;

namespace SimplexActors.Actors.Storage.Postgres;

/// <summary>
/// Commits groups of sets. Nearly always that is one round trip: the check of the claims and a statement per kind of change,
/// as one implicit transaction. Only where that reports a conflict a transaction goes over the group again, by halves, until
/// it is known which sets are at fault (<see cref="CarefulCommit{TChange}"/>); and where a claim is stale, its sets are left
/// out and the others committed.
/// </summary>
internal sealed class GroupCommit<TChange>(WriteLane lane, IChangeStatements<TChange> statements)
{
    private const string StaleClaims =
        "SELECT r.place FROM unnest($1::integer[], $2::bigint[]) WITH ORDINALITY AS r (shard_no, range_id, place) "
        + "WHERE NOT EXISTS (SELECT 1 FROM shards s WHERE s.shard_no = r.shard_no AND s.range_id = r.range_id)";

    private const string CheckClaims = "SELECT check_claims($1, $2)";

    /// <summary>Commits; see <see cref="IEntityStore{TRow, TChange}.CommitAsync"/>.</summary>
    public Task<CommitResult> CommitAsync(IReadOnlyList<WriteSet<TChange>> sets, CancellationToken cancellation) =>
        lane.RunAsync(session => CommitAsync(session, sets), cancellation);

    /// <summary>Appends the check of all claims of some sets, if they have any.</summary>
    public static void AppendClaims(NpgsqlBatch batch, IEnumerable<WriteSet<TChange>> sets)
    {
        ShardClaim[] claims = Claims(sets);
        if (claims.Length > 0)
        {
            batch.Add(CheckClaims).WithIntegers(claims, claim => claim.Shard).WithLongs(claims, claim => claim.RangeId);
        }
    }

    private static ShardClaim[] Claims(IEnumerable<WriteSet<TChange>> sets) =>
        [.. sets.Select(set => set.Claim).Where(claim => claim.RangeId != 0).Distinct()];

    private async Task<CommitResult> CommitAsync(WriteSession session, IReadOnlyList<WriteSet<TChange>> sets)
    {
        List<int> wanted = [.. Enumerable.Range(0, sets.Count)];
        var careful = false;
        for (int attempt = 1; ; attempt++)
        {
            WriteSet<TChange>[] group = wanted.Count == sets.Count ? [.. sets] : [.. wanted.Select(i => sets[i])];
            if (group.Length == 0)
            {
                return Result(wanted, [], sets.Count);
            }

            try
            {
                if (careful || !await TryAtOnceAsync(session, group))
                {
                    careful = true;
                    List<int> conflicts = await new CarefulCommit<TChange>(session, statements).CommitAsync(group);
                    return Result(wanted, [.. conflicts.Select(i => wanted[i])], sets.Count);
                }

                return Result(wanted, [], sets.Count);
            }
            catch (PostgresException fault) when (WriteFaults.Of(fault) is not WriteFault.Broken)
            {
                WriteFault kind = WriteFaults.Of(fault);
                bool again = attempt < PostgresLimits.CommitAttempts && kind switch
                {
                    WriteFault.Fenced => await LeaveOutStaleAsync(session, sets, wanted),
                    WriteFault.Conflict => !careful,
                    WriteFault.Collided => true,
                    _ => false,
                };
                if (!again)
                {
                    return new CommitResult(CommitOutcome.Failed, [], fault);
                }

                careful |= kind is WriteFault.Conflict;
            }
        }
    }

    private async Task<bool> TryAtOnceAsync(WriteSession session, WriteSet<TChange>[] group)
    {
        await using NpgsqlBatch batch = session.Batch();
        AppendClaims(batch, group);
        if (!statements.TryAppend(batch, group))
        {
            return false;
        }

        if (batch.BatchCommands.Count > 0)
        {
            await batch.ExecuteNonQueryAsync();
            statements.Committed(batch);
        }

        return true;
    }

    /// <summary>Removes the sets whose claims do not hold any more; false when there are none.</summary>
    private static async Task<bool> LeaveOutStaleAsync(WriteSession session, IReadOnlyList<WriteSet<TChange>> sets, List<int> wanted)
    {
        ShardClaim[] claims = Claims(wanted.Select(i => sets[i]));
        var stale = new HashSet<ShardClaim>();
        await using NpgsqlBatch batch = session.Batch();
        batch.Add(StaleClaims).WithIntegers(claims, claim => claim.Shard).WithLongs(claims, claim => claim.RangeId);
        await using (NpgsqlDataReader rows = await batch.ExecuteReaderAsync())
        {
            while (await rows.ReadAsync())
            {
                stale.Add(claims[rows.GetInt64(0) - 1]);
            }
        }

        return wanted.RemoveAll(i => stale.Contains(sets[i].Claim)) > 0;
    }

    private static CommitResult Result(List<int> wanted, ImmutableArray<int> conflicts, int sets) =>
        wanted.Count == sets && conflicts.IsEmpty
            ? CommitResult.Committed
            : new CommitResult(CommitOutcome.Committed, conflicts) { Fenced = [.. Enumerable.Range(0, sets).Except(wanted)] };
}
