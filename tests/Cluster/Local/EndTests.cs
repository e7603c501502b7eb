using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Cluster.Local;

/// <summary>However the command ends, nothing that it started goes on.</summary>
public sealed class EndTests
{
    [Theory]
    [InlineData(RouterProgram.Sigint)]
    [InlineData(RouterProgram.Sigterm)]
    public async Task A_signal_ends_everything_in_order(int signal)
    {
        Assert.SkipUnless(PostgresServer.IsInstalled, PostgresServer.Missing);
        using TemporaryFolder folder = RunningCluster.MakeFolder();
        await using RunningCluster cluster = await RunningCluster.StartAsync(folder);

        // The command, PostgreSQL and three nodes, at least.
        Assert.True(cluster.Family.Count > 5);
        cluster.Signal(signal);
        (int exitCode, _, string log) = await cluster.EndAsync();

        Assert.True(exitCode == 0, log);
        Assert.Empty(ProcessList.Alive(cluster.Family));
        Assert.All(["n1", "n2", "n3"], node => Assert.EndsWith("Router stopped", File.ReadAllText(Path.Combine(cluster.Folder, "logs", node + ".log")).TrimEnd()));
    }

    [Fact]
    public async Task Nothing_outlives_a_command_that_is_killed_and_the_next_start_has_its_folder()
    {
        Assert.SkipUnless(PostgresServer.IsInstalled, PostgresServer.Missing);
        using TemporaryFolder folder = RunningCluster.MakeFolder();
        await using (RunningCluster cluster = await RunningCluster.StartAsync(folder, nodes: 2))
        {
            // One that hangs does not stay either.
            RouterProgram.Signal(cluster.ProcessOf(2), RouterProgram.Sigstop);
            cluster.Signal(RouterProgram.Sigkill);
            await ProcessList.GoneAsync(cluster.Family);
        }

        await using RunningCluster again = await RunningCluster.StartAsync(folder, nodes: 1);
    }

    [Fact]
    public async Task A_second_signal_kills_what_does_not_end()
    {
        Assert.SkipUnless(PostgresServer.IsInstalled, PostgresServer.Missing);
        using TemporaryFolder folder = RunningCluster.MakeFolder();
        await using RunningCluster cluster = await RunningCluster.StartAsync(folder, nodes: 2);
        RouterProgram.Signal(cluster.ProcessOf(2), RouterProgram.Sigstop);
        int other = cluster.ProcessOf(1);

        cluster.Signal(RouterProgram.Sigint);
        await ProcessList.GoneAsync([other]);
        cluster.Signal(RouterProgram.Sigint);

        (int exitCode, _, _) = await cluster.EndAsync();
        Assert.Equal(130, exitCode);
        await ProcessList.GoneAsync(cluster.Family);
    }

    [Theory]
    [InlineData("identity")]
    [InlineData("postgres/data.new/base")]
    [InlineData("postgres/data")]
    [InlineData("logs/n1.log")]
    public async Task A_start_that_is_killed_in_between_does_not_keep_the_next_one_from_starting(string made)
    {
        Assert.SkipUnless(PostgresServer.IsInstalled, PostgresServer.Missing);
        using TemporaryFolder folder = RunningCluster.MakeFolder();
        string path = folder.Of("cluster", made);
        await using (RouterProgram killed = RouterProgram.StartInBackground(folder.Path, ["cluster", "run", "--nodes", "1", "--data", folder.Of("cluster"), "--smp-port", "0"]))
        {
            await ProcessList.UntilAsync(() => File.Exists(path) || Directory.Exists(path));
            IReadOnlyList<int> family = ProcessList.Family(killed.Id);
            killed.Signal(RouterProgram.Sigkill);
            await ProcessList.GoneAsync(family);
        }

        await using RunningCluster cluster = await RunningCluster.StartAsync(folder, nodes: 1);
    }
}
