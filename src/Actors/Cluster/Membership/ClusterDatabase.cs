using System.Collections.Immutable;
using Npgsql;

namespace SimplexActors.Actors.Cluster.Membership;

/// <summary>
/// Asks the database for this node, one question at a time, over one connection that is made anew after every failure. Each
/// question is given up after a time; then it may have been carried out, or be carried out later. All methods
/// throw <see cref="NpgsqlException"/>, <see cref="TimeoutException"/> or <see cref="IOException"/> when there is no answer.
/// </summary>
internal sealed partial class ClusterDatabase(NpgsqlDataSource source, TimeSpan timeout, TimeProvider time) : IAsyncDisposable
{
    private NpgsqlConnection? _connection;

    /// <summary>True for what says that the database did not answer.</summary>
    public static bool IsOutage(Exception failure) => failure is NpgsqlException or TimeoutException or IOException;

    /// <summary>Says that this node lives, and reads the cluster.</summary>
    /// <returns>The view; whether the node is still a member.</returns>
    public Task<(ClusterView View, bool IsMember)> BeatAsync(NodeNumber self, CancellationToken cancellation) => AskAsync(
        async (connection, token) =>
        {
            await using var batch = new NpgsqlBatch(connection);
            batch.BatchCommands.Add(Command(ClusterSql.Beat, self.Value));
            ClusterRows.AddView(batch);
            await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(token);
            ClusterView view = await ClusterRows.ReadViewAsync(reader, token);
            return (view, view.Find(self) is not null);
        },
        cancellation);

    /// <summary>Declares members dead that have sent no heartbeat since this node read theirs.</summary>
    /// <returns>False when the members have changed meanwhile; then nothing was done.</returns>
    public Task<bool> DeclareGoneAsync(NodeNumber self, long version, ImmutableArray<ClusterNode> nodes, CancellationToken cancellation) => AskAsync(
        async (connection, token) =>
        {
            await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(token);
            if (await ExecuteAsync(connection, Command(ClusterSql.RaiseVersionFrom, version), token) == 0)
            {
                return false;
            }

            long[] numbers = [.. nodes.Select(node => node.Number.Value)];
            long[] heartbeats = [.. nodes.Select(node => node.Heartbeats)];
            int gone = await ExecuteAsync(connection, Command(ClusterSql.DeclareGone, numbers, heartbeats), token);
            if (gone == 0)
            {
                return false;
            }

            await ExecuteAsync(connection, Command(ClusterSql.Notify, self.Value), token);
            await transaction.CommitAsync(token);
            return true;
        },
        cancellation);

    /// <summary>Claims those of the shards that are nobody's, a dead member's or this node's, where the number of the last claim is still the given one.</summary>
    /// <returns>The claimed shards with their new numbers.</returns>
    public Task<IReadOnlyList<(int Shard, long RangeId)>> ClaimAsync(NodeNumber self, ImmutableArray<(int Shard, long RangeId)> shards, CancellationToken cancellation) => AskAsync<IReadOnlyList<(int Shard, long RangeId)>>(
        async (connection, token) =>
        {
            await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(token);
            int[] numbers = [.. shards.Select(one => one.Shard)];
            long[] rangeIds = [.. shards.Select(one => one.RangeId)];
            bool isLive = await ReadAsync(connection, Command(ClusterSql.LockSelf, self.Value), _ => true, token) is [true];
            List<int> free = isLive
                ? await ReadAsync(connection, Command(ClusterSql.LockFree, self.Value, numbers, rangeIds), reader => reader.GetInt32(0), token)
                : [];
            if (free.Count == 0)
            {
                return [];
            }

            var claimed = await ReadAsync(
                connection,
                Command(ClusterSql.Claim, self.Value, free.ToArray()),
                reader => (reader.GetInt32(0), reader.GetInt64(1)),
                token);
            await ExecuteAsync(connection, Command(ClusterSql.Notify, self.Value), token);
            await transaction.CommitAsync(token);
            return claimed;
        },
        cancellation);

    /// <summary>Releases shards, where they are still this node's under these numbers.</summary>
    public Task ReleaseAsync(NodeNumber self, ImmutableArray<(int Shard, long RangeId)> shards, CancellationToken cancellation) => ChangeAsync(
        self,
        cancellation,
        Command(ClusterSql.Release, self.Value, shards.Select(one => one.Shard).ToArray(), shards.Select(one => one.RangeId).ToArray()));

    /// <summary>Tells the others that this node leaves (<c>leaving</c>) or has left (<c>gone</c>).</summary>
    public Task SetStateAsync(NodeNumber self, string state, CancellationToken cancellation) => ChangeAsync(
        self,
        cancellation,
        Command(ClusterSql.RaiseVersion),
        Command(ClusterSql.SetState, self.Value, state));

    /// <summary>Deletes the rows of some members that have been gone for long.</summary>
    /// <returns>How many.</returns>
    public Task<int> ForgetGoneAsync(CancellationToken cancellation) => AskAsync(
        (connection, token) => ExecuteAsync(connection, Command(ClusterSql.ForgetGone, Limits.GoneNodesKept, Limits.GoneNodesPerLook), token),
        cancellation);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await DisconnectAsync();

    private Task<bool> ChangeAsync(NodeNumber self, CancellationToken cancellation, params NpgsqlBatchCommand[] commands) => AskAsync(
        async (connection, token) =>
        {
            // One batch is one transaction.
            await using var batch = new NpgsqlBatch(connection);
            foreach (NpgsqlBatchCommand command in commands)
            {
                batch.BatchCommands.Add(command);
            }

            batch.BatchCommands.Add(Command(ClusterSql.Notify, self.Value));
            await batch.ExecuteNonQueryAsync(token);
            return true;
        },
        cancellation);

    private async Task<T> AskAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> question, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        bool isAnswered = false;
        try
        {
            _connection ??= await source.OpenConnectionAsync(either.Token);
            T answer = await question(_connection, either.Token);
            isAnswered = true;
            return answer;
        }
        catch (OperationCanceledException givenUp) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"The database did not answer within {timeout}.", givenUp);
        }
        finally
        {
            if (!isAnswered)
            {
                await DisconnectAsync();
            }
        }
    }

    private async ValueTask DisconnectAsync()
    {
        NpgsqlConnection? connection = _connection;
        _connection = null;
        if (connection is not null)
        {
            await connection.DisposeAsync();
        }
    }
}
