using System.CommandLine;
using Npgsql;
using SimplexActors.Actors.Cluster.Membership;
using SimplexActors.Actors.Cluster.Ownership;
using SimplexActors.Nodes.Configuration;

namespace SimplexActors.Nodes.CommandLine.Cluster;

/// <summary><c>simplex-router cluster shards</c>: divides what a stopped cluster serves into another number of shards.</summary>
internal static class ShardsCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        var database = new ClusterDatabaseOption();
        var count = new Argument<string>("COUNT") { Description = $"The new number, {ClusterConfig.LeastShards} to {ClusterConfig.MostShards}; some 10 for each node there will be" };
        var command = new Command("shards", "Changes the number of shards while all nodes are stopped; then cluster.shards must say the same.") { count };
        database.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            int wanted = WholeNumber.Parse("COUNT", parsed.GetRequiredValue(count), ClusterConfig.LeastShards, ClusterConfig.MostShards);
            (NpgsqlDataSource source, OwnershipOptions options) = database.Open(parsed);
            await using NpgsqlDataSource open = source;
            try
            {
                int before = await new ShardCountChange(source, options, TimeProvider.System).RunAsync(wanted, names => Wait(names, options), cancellation);
                Console.Out.WriteLine(before == wanted
                    ? $"the cluster has {wanted} shards already"
                    : $"the cluster has {wanted} shards instead of {before}: set cluster.shards to {wanted} on all nodes before you start them");
                return ExitCode.Success;
            }
            catch (NpgsqlException e)
            {
                throw new CommandFailure(ClusterDatabaseOption.Describe(e, source), e);
            }
            catch (Exception e) when (e is ClusterJoinException or TimeoutException or IOException)
            {
                throw new CommandFailure(e.Message, e);
            }
        });
        return command;
    }

    private static void Wait(IReadOnlyList<string> names, OwnershipOptions options) => Console.Out.WriteLine(
        $"{string.Join(", ", names)} did not leave the cluster: waiting {DurationText.Of(options.ClaimAfter)} to be sure that nothing of it runs");
}
