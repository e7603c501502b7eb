using System.Collections.Immutable;

namespace SimplexActors.Actors.Cluster.Membership;

/// <content>Transactions of gone nodes that are still open.</content>
internal sealed partial class ClusterDatabase
{
    /// <summary>
    /// Ends the sessions in which gone owners of the shards hold rows of shards: a frozen or cut-off node can keep them
    /// for ever, as the server does not take a transaction for idle while it waits for the rest of a batch. Live nodes keep theirs.
    /// </summary>
    /// <returns>How many were told to end; what they hold is free a little later.</returns>
    public Task<int> EndHoldersAsync(ImmutableArray<int> shards, CancellationToken cancellation) => AskAsync(
        async (connection, token) =>
        {
            var found = await ReadAsync(
                connection,
                Command(HolderSql.Find, shards.ToArray()),
                reader => (Process: reader.GetInt32(0), Began: reader.GetDateTime(1)),
                token);
            if (found.Count == 0)
            {
                return 0;
            }

            int[] processes = [.. found.Select(one => one.Process)];
            DateTime[] began = [.. found.Select(one => one.Began)];
            List<long> ended = await ReadAsync(connection, Command(HolderSql.End, processes, began), reader => reader.GetInt64(0), token);
            return (int)ended[0];
        },
        cancellation);
}
