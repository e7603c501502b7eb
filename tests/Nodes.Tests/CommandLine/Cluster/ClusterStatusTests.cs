using System.Text.Json;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Nodes.Tests.CommandLine.Cluster;

/// <summary><c>simplex-router cluster status</c>.</summary>
public sealed class ClusterStatusTests(PostgresServer server) : ClusterCommandBase(server)
{
    [Fact]
    public async Task Members_that_serve_everything_are_shown_and_are_no_failure()
    {
        await MigrateAsync();
        await JoinAsync("a", 5001);
        await JoinAsync("b", 5002);
        await SettleAsync();
        (int exitCode, string output, string errors) = await StatusAsync();
        Assert.Equal((0, ""), (exitCode, errors));
        Assert.Matches(@"\| a +\| 1 +\| 1\.2\.3 +\| live +\| +\d+\.\d \| +\d+ \| 127\.0\.0\.1:5001 ", output);
        Assert.Matches(@"\| b +\| 2 ", output);
        Assert.EndsWith("all 256 shards are served\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Programs_get_JSON()
    {
        await MigrateAsync();
        await JoinAsync("a", 5001);
        (int exitCode, string output, _) = await StatusAsync("--json");
        Assert.Equal(0, exitCode);
        JsonElement root = JsonDocument.Parse(output).RootElement;
        Assert.True(root.GetProperty("healthy").GetBoolean());
        Assert.Equal((256, 0), (root.GetProperty("shards").GetInt32(), root.GetProperty("unowned_shards").GetInt32()));
        JsonElement node = Assert.Single(root.GetProperty("nodes").EnumerateArray());
        Assert.Equal(("a", "live", 256), (node.GetProperty("name").GetString(), node.GetProperty("state").GetString(), node.GetProperty("shards").GetInt32()));
        Assert.Equal("there is one node only: nobody takes over when it fails", root.GetProperty("notices")[0].GetString());
        Assert.Empty(root.GetProperty("problems").EnumerateArray());
    }

    [Fact]
    public async Task Shards_without_an_owner_are_a_failure()
    {
        await MigrateAsync();
        await InsertAsync("a", "127.0.0.1", silentSeconds: 0);
        (int exitCode, string output, _) = await StatusAsync();
        Assert.Equal(1, exitCode);
        Assert.Contains("problem: 256 of 256 shards have no owner", output, StringComparison.Ordinal);
        Assert.DoesNotContain("are served\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silent_member_is_a_failure()
    {
        await MigrateAsync();
        await InsertAsync("a", "127.0.0.1", silentSeconds: 60);
        await OwnAllAsync("a");
        (int exitCode, string output, _) = await StatusAsync();
        Assert.Equal(1, exitCode);
        Assert.Contains("problem: a: silent for ", output, StringComparison.Ordinal);
        Assert.Contains("the other nodes should have taken over its shards", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Members_at_one_place_are_a_failure_and_one_that_leaves_is_none()
    {
        await MigrateAsync();
        await InsertAsync("a", "host", silentSeconds: 0);
        await OwnAllAsync("a");
        await InsertAsync("b", "other", silentSeconds: 0, state: "leaving");
        (int exitCode, string output, _) = await StatusAsync();
        Assert.Equal(0, exitCode);
        Assert.Contains("note: b: leaves; it has 0 shards to give away", output, StringComparison.Ordinal);
        await InsertAsync("c", "host", silentSeconds: 0);
        (exitCode, output, _) = await StatusAsync();
        Assert.Equal(1, exitCode);
        Assert.Contains("problem: a and c say that they are reached at the same place (host:5226)", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_database_can_come_from_the_configuration()
    {
        await MigrateAsync();
        await JoinAsync("b", 5002);
        using var folder = new NodeFolder(Database.ConnectionString);
        (int exitCode, string output, string errors) = await folder.RunAsync("cluster", "status");
        Assert.Equal((0, ""), (exitCode, errors));
        Assert.Contains("| b ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_no_node_has_ever_joined_that_is_said()
    {
        (int exitCode, string output, string errors) = await StatusAsync();
        Assert.Equal((1, ""), (exitCode, output));
        Assert.Matches(@"^simplex-router: The database .* has no cluster: no node has ever joined\.\n$", errors);
        await MigrateAsync();
        (exitCode, output, errors) = await StatusAsync();
        Assert.Equal((1, "problem: no node has joined yet: nothing is served\n", ""), (exitCode, output, errors));
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Port=1;Password=hunter2", "The database")]
    [InlineData("Host=127.0.0.1;Nonsense=hunter2", "--database (not shown): must be a connection string")]
    public async Task What_cannot_be_asked_is_said_without_secrets(string database, string problem)
    {
        using var folder = new TemporaryFolder();
        (int exitCode, string output, string errors) = await RouterProgram.RunAsync(folder.Path, ["cluster", "status", "--database", database]);
        Assert.Equal((1, ""), (exitCode, output));
        Assert.StartsWith($"simplex-router: {problem}", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", errors, StringComparison.Ordinal);
        Assert.Single(errors.TrimEnd('\n').Split('\n'));
    }

    private async Task<(int ExitCode, string Output, string Errors)> StatusAsync(params string[] more)
    {
        using var folder = new TemporaryFolder();
        return await RouterProgram.RunAsync(folder.Path, ["cluster", "status", "--database", Database.ConnectionString, .. more]);
    }
}
