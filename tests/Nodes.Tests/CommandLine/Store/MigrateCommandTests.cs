using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Nodes.Tests.CommandLine.Store;

/// <summary><c>store migrate</c> of the real program.</summary>
public sealed class MigrateCommandTests(PostgresServer server) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_store_of_a_stopped_router_is_copied_and_that_of_a_running_one_is_not()
    {
        Assert.SkipUnless(PostgresServer.IsInstalled, PostgresServer.Missing);
        await using PostgresDatabase database = await server.CreateDatabaseAsync();
        string[] command = ["store", "migrate", "--data", "data/store", "--to", database.ConnectionString, "--node", "n1"];
        await using (RouterProgram router = RouterProgram.Start(_folder.Path, ["dev", "--smp-port", "0"]))
        {
            Assert.NotNull(await router.ReadLineAsync());
            Assert.Contains("in use by another process", await FailAsync(command));
            router.Signal(RouterProgram.Sigterm);
            Assert.Equal(0, await router.ExitAsync());
        }

        (int exitCode, string output, string errors) = await RouterProgram.RunAsync(_folder.Path, command);
        Assert.Equal((0, ""), (exitCode, errors));
        Assert.Matches(@"\| statistics_state +\| +1 \| +0 \| [0-9a-f]{16} ", output);
        Assert.EndsWith("complete: nodes may start on the database; n1 goes on with the statistics\n", output);
        Assert.Equal("complete", await database.ScalarAsync<string>("SELECT state FROM store_copy"));
        Assert.Contains("is not empty", await FailAsync(command));
    }

    [Theory]
    [InlineData("no/queues.db", "--data", "no", "--to", "Host=127.0.0.1")]
    [InlineData("--to (not shown): must be a connection string", "--data", "no", "--to", "postgres://user:secret@host/db")]
    [InlineData("--node \"a b\": must be a name", "--data", "no", "--to", "Host=127.0.0.1", "--node", "a b")]
    [InlineData("simplex-router.conf: no such file", "--to", "Host=127.0.0.1")]
    [InlineData("'--to' is required", "--data", "no")]
    public async Task What_cannot_be_done_is_said_in_one_line(string text, params string[] arguments)
    {
        string problem = await FailAsync(["store", "migrate", .. arguments]);
        Assert.Contains(text, problem);
        Assert.DoesNotContain("secret", problem);
        Assert.Empty(_folder.Snapshot());
    }

    private async Task<string> FailAsync(string[] arguments)
    {
        (int exitCode, string output, string errors) = await RouterProgram.RunAsync(_folder.Path, arguments);
        Assert.Equal((1, ""), (exitCode, output));
        return Assert.Single(errors.TrimEnd('\n').Split('\n'), line => line.StartsWith("simplex-router: "));
    }
}
