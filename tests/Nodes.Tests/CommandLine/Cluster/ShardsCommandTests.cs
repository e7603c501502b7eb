using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Nodes.Tests.CommandLine.Cluster;

/// <summary><c>simplex-router cluster shards</c>.</summary>
public sealed class ShardsCommandTests(PostgresServer server) : ClusterCommandBase(server)
{
    [Fact]
    public async Task The_number_changes_once()
    {
        await MigrateAsync();
        await InsertAsync("a", "127.0.0.1", silentSeconds: 0, state: "gone");
        Assert.Equal((0, "the cluster has 512 shards instead of 256: set cluster.shards to 512 on all nodes before you start them\n", ""), await RunAsync("512"));
        Assert.Equal((0, "the cluster has 512 shards already\n", ""), await RunAsync("512"));
        Assert.Equal(512L, await Database.ScalarAsync<long>("SELECT count(*) FROM shards"));
    }

    [Fact]
    public async Task A_running_node_is_named()
    {
        await MigrateAsync();
        await JoinAsync("a", 5001);
        (int exitCode, string output, string errors) = await RunAsync("512");
        Assert.Equal((1, "a did not leave the cluster: waiting 8 s to be sure that nothing of it runs\n"), (exitCode, output));
        Assert.Equal("simplex-router: Node 'a' runs at 127.0.0.1:5001: stop all nodes of the cluster first; nothing was changed.\n", errors);
    }

    [Theory]
    [InlineData("15", "simplex-router: COUNT 15: must be a number from 16 to 1024\n")]
    [InlineData("many", "simplex-router: COUNT many: must be a number from 16 to 1024\n")]
    [InlineData("1025", "simplex-router: COUNT 1025: must be a number from 16 to 1024\n")]
    [InlineData("64", "simplex-router: No node has joined this cluster yet: the first one takes the number of its configuration.\n")]
    public async Task What_cannot_be_is_said(string count, string problem)
    {
        await MigrateAsync();
        Assert.Equal((1, "", problem), await RunAsync(count));
    }

    private async Task<(int ExitCode, string Output, string Errors)> RunAsync(string count)
    {
        using var folder = new TemporaryFolder();
        return await RouterProgram.RunAsync(folder.Path, ["cluster", "shards", count, "--database", Database.ConnectionString]);
    }
}
