using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Nodes.Tests.CommandLine.Cluster;

/// <summary><c>simplex-router cluster drain</c>.</summary>
public sealed class DrainCommandTests(PostgresServer server) : ClusterCommandBase(server)
{
    [Fact]
    public async Task Drain_tells_the_process_to_stop_and_waits_until_the_node_has_left()
    {
        await MigrateAsync();
        await InsertAsync("a", "127.0.0.1", silentSeconds: 0);
        await OwnAllAsync("a");
        int port = FreePort.Find(Random.Shared);
        using var data = new TemporaryFolder();
        (RouterProgram router, _) = await RouterProgram.StartDevAsync(data.Path, "--set", $"control.port={port}", "--set", "control.admin_password=secret");
        await using RouterProgram running = router;
        using NodeFolder folder = Folder(port);
        await using RouterProgram drain = folder.Start("cluster", "drain");
        Assert.Equal("a: drains", await drain.ReadLineAsync());
        Assert.Equal("a: 256 shards left", await drain.ReadLineAsync());
        Assert.Equal(0, await router.ExitAsync());
        await Database.ExecuteAsync("UPDATE shards SET owner = NULL; UPDATE nodes SET state = 'gone'");
        string? last = await drain.ReadLineAsync();
        Assert.Equal("a: has left", last == "a: 0 shards left" ? await drain.ReadLineAsync() : last);
        Assert.Equal(0, await drain.ExitAsync());
    }

    [Fact]
    public async Task Without_a_control_port_it_says_what_does_the_same()
    {
        using var folder = new NodeFolder(Database.ConnectionString);
        (int exitCode, string output, string errors) = await folder.RunAsync("cluster", "drain");
        Assert.Equal((1, ""), (exitCode, output));
        Assert.Equal("simplex-router: simplex-router.conf: drain needs control.port and control.admin_password; without them send the process SIGTERM, which does the same\n", errors);
    }

    [Fact]
    public async Task A_node_that_does_not_run_is_not_drained()
    {
        using NodeFolder folder = Folder(FreePort.Find(Random.Shared));
        (int exitCode, string output, string errors) = await folder.RunAsync("cluster", "drain", "--no-wait");
        Assert.Equal((1, ""), (exitCode, output));
        Assert.EndsWith("Connection refused\n", errors, StringComparison.Ordinal);
    }

    private NodeFolder Folder(int controlPort)
    {
        var folder = new NodeFolder(Database.ConnectionString) { More = $$""" "control": { "port": {{controlPort}}, "admin_password": "secret" }, """ };
        folder.Write();
        return folder;
    }
}
