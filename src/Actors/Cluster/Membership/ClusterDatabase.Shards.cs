using Npgsql;

namespace SimplexActors.Actors.Cluster.Membership;

/// <content>Another number of shards, for a cluster without members.</content>
internal sealed partial class ClusterDatabase
{
    /// <summary>Divides all entities into another number of shards, which nobody owns then.</summary>
    /// <returns>The names of the members there are; with any, nothing was changed.</returns>
    public Task<List<string>> SetShardCountAsync(int shards, CancellationToken cancellation) => AskAsync(
        async (connection, token) =>
        {
            // First what whoever joins changes first: afterwards it finds the new number.
            await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(token);
            await ExecuteAsync(connection, Command(ClusterSql.SetShardCount, shards), token);
            List<string> members = await ReadAsync(connection, Command(ClusterSql.ReadMemberNames), reader => reader.GetString(0), token);
            if (members.Count > 0)
            {
                return members;
            }

            await ExecuteAsync(connection, Command(ClusterSql.RenumberShards), token);
            await ExecuteAsync(connection, Command(ClusterSql.RemoveShards, shards), token);
            await ExecuteAsync(connection, Command(ClusterSql.AddShards, shards), token);
            await transaction.CommitAsync(token);
            return [];
        },
        cancellation);
}
