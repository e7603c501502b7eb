using System.Collections.Immutable;
using Npgsql;

namespace SimplexActors.Actors.Cluster.Membership;

/// <content>What a node asks when it joins, and how commands are run.</content>
internal sealed partial class ClusterDatabase
{
    /// <summary>Writes down what all nodes must agree on when nobody has, and reads it.</summary>
    public Task<(int ShardCount, ImmutableArray<byte> Fingerprint)> AgreeAsync(NodeIdentity identity, CancellationToken cancellation) => AskAsync(
        async (connection, token) =>
        {
            byte[] fingerprint = [.. identity.Fingerprint];
            await ExecuteAsync(connection, Command(ClusterSql.CreateCluster, identity.ShardCount, fingerprint), token);
            await ExecuteAsync(connection, Command(ClusterSql.AdoptFingerprint, fingerprint), token);
            await ExecuteAsync(connection, Command(ClusterSql.CreateShards), token);
            var agreed = await ReadAsync(
                connection,
                Command(ClusterSql.Agreed),
                reader => (reader.GetInt32(0), ImmutableArray.Create(reader.GetFieldValue<byte[]>(1))),
                token);
            return agreed[0];
        },
        cancellation);

    /// <summary>Makes this process a member.</summary>
    /// <returns>Its number; none when a member has its name, or the cluster another number of shards.</returns>
    public Task<NodeNumber> RegisterAsync(NodeIdentity identity, CancellationToken cancellation) => AskAsync(
        async (connection, token) =>
        {
            await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(token);
            if (await ExecuteAsync(connection, Command(ClusterSql.RaiseVersionOf, identity.ShardCount), token) == 0)
            {
                return NodeNumber.None;
            }

            List<long> numbers = await ReadAsync(
                connection,
                Command(ClusterSql.Register, identity.Name, identity.LinkHost, identity.LinkPort, identity.Release),
                reader => reader.GetInt64(0),
                token);
            if (numbers.Count == 0)
            {
                return NodeNumber.None;
            }

            await ExecuteAsync(connection, Command(ClusterSql.Notify, numbers[0]), token);
            await transaction.CommitAsync(token);
            return new NodeNumber(numbers[0]);
        },
        cancellation);

    /// <summary>The member with a name, and the version of the view.</summary>
    public Task<(ClusterNode? Node, long Version)> FindAsync(string name, CancellationToken cancellation) => AskAsync(
        async (connection, token) =>
        {
            await using var batch = new NpgsqlBatch(connection);
            batch.BatchCommands.Add(Command(ClusterSql.ReadNodeByName, name));
            batch.BatchCommands.Add(Command(ClusterSql.ReadVersion));
            await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(token);
            ImmutableArray<ClusterNode> nodes = await ClusterRows.ReadNodesAsync(reader, token);
            await reader.NextResultAsync(token);
            await reader.ReadAsync(token);
            return (nodes.FirstOrDefault(), reader.GetInt64(0));
        },
        cancellation);

    private static NpgsqlBatchCommand Command(string sql, params object[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (object value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return command;
    }

    private static async Task<int> ExecuteAsync(NpgsqlConnection connection, NpgsqlBatchCommand command, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { command } };
        return await batch.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task<List<T>> ReadAsync<T>(
        NpgsqlConnection connection,
        NpgsqlBatchCommand command,
        Func<NpgsqlDataReader, T> read,
        CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { command } };
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellation))
        {
            rows.Add(read(reader));
        }

        return rows;
    }
}
