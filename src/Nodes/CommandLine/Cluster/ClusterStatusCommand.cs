using System.CommandLine;
using Npgsql;
using SimplexActors.Actors.Cluster.Ownership;

namespace SimplexActors.Nodes.CommandLine.Cluster;

/// <summary>
/// <c>simplex-router cluster status</c>: who serves what, as the database has it. Works on any machine that reaches the database.
/// The exit code says whether everything is served.
/// </summary>
internal static class ClusterStatusCommand
{
    private static readonly TimeSpan SecondLook = TimeSpan.FromSeconds(2);

    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        var database = new ClusterDatabaseOption();
        var json = new Option<bool>("--json") { Description = "Prints JSON, for programs" };
        var command = new Command("status", "Shows nodes and shards; exit code 0 when everything is served, 1 when not.") { json };
        database.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            (NpgsqlDataSource source, OwnershipOptions options) = database.Open(parsed);
            await using NpgsqlDataSource open = source;
            try
            {
                ClusterReport report = ClusterReport.Of(await LookAsync(source, cancellation), options);
                if (parsed.GetValue(json))
                {
                    Console.Out.WriteLine(ClusterReportText.JsonOf(report));
                }
                else
                {
                    ClusterReportText.Print(report);
                }

                return report.Problems.Count == 0 ? ExitCode.Success : ExitCode.Failure;
            }
            catch (NpgsqlException e)
            {
                throw new CommandFailure(ClusterDatabaseOption.Describe(e, source), e);
            }
        });
        return command;
    }

    /// <summary>A shard that moves has no owner for a moment, which is no problem: so two looks, if need be.</summary>
    private static async Task<ClusterStatus> LookAsync(NpgsqlDataSource source, CancellationToken cancellation)
    {
        ClusterStatus status = await ClusterStatusReader.ReadAsync(source, cancellation);
        if (status.UnownedShards > 0)
        {
            await Task.Delay(SecondLook, cancellation);
            status = (await ClusterStatusReader.ReadAsync(source, cancellation)).Since(status);
        }

        return status;
    }
}
