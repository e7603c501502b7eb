using System.Collections.Immutable;
using Npgsql;
using SimplexActors.Actors.Cluster.Membership;

namespace SimplexActors.Actors.Cluster.Ownership;

/// <summary>Looks at a cluster from outside: for a command that is no node.</summary>
public static class ClusterStatusReader
{
    /// <summary>Reads the members and owners. Changes nothing.</summary>
    /// <exception cref="NpgsqlException">The database does not answer, or has no tables of a cluster.</exception>
    public static async Task<ClusterStatus> ReadAsync(NpgsqlDataSource source, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(source);
        await using NpgsqlBatch batch = source.CreateBatch();
        ClusterRows.AddView(batch);
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation);
        return ClusterStatus.Of(await ClusterRows.ReadViewAsync(reader, cancellation));
    }

    /// <summary>Reads what the nodes agree on.</summary>
    /// <returns>Null when no node has ever joined; the fingerprint is empty when none is set.</returns>
    /// <exception cref="NpgsqlException">The database does not answer, or has no tables of a cluster.</exception>
    public static async Task<(int ShardCount, ImmutableArray<byte> Fingerprint)?> ReadAgreementAsync(NpgsqlDataSource source, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(source);
        await using NpgsqlCommand command = source.CreateCommand(ClusterSql.Agreed);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellation);
        if (!await reader.ReadAsync(cancellation))
        {
            return null;
        }

        return (reader.GetInt32(0), await reader.IsDBNullAsync(1, cancellation) ? [] : [.. reader.GetFieldValue<byte[]>(1)]);
    }
}
