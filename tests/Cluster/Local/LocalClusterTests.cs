using System.Globalization;
using System.Text.Json;
using SimplexActors.Acceptance.Support;
using SimplexActors.Client;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Cluster.Local;

/// <summary>One command runs a whole cluster, which serves as one router.</summary>
public sealed class LocalClusterTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly string[] ShortTimes = ["cluster.heartbeat=500 ms", "cluster.serve_for=3 s", "cluster.claim_after=4 s"];

    [Fact]
    public async Task Nodes_have_one_identity_and_pass_messages_to_each_other()
    {
        Assert.SkipUnless(PostgresServer.IsInstalled, PostgresServer.Missing);
        using TemporaryFolder folder = RunningCluster.MakeFolder();
        await using RunningCluster cluster = await RunningCluster.StartAsync(folder);
        Assert.Single(cluster.Addresses.Select(address => address.Fingerprint).Distinct());
        Assert.Equal(3, cluster.Addresses.Select(address => address.Port).Distinct().Count());
        await using Peer recipient = await cluster.ConnectAsync(3);
        await using Peer sender = await cluster.ConnectAsync(1);

        for (int i = 0; i < 8; i++)
        {
            RecipientQueue queue = await recipient.Client.CreateQueueAsync();
            await sender.Client.SendAsync(queue.Unsecured(), $"message {i}");
            Assert.Equal($"message {i}", await recipient.ReceiveAsync(queue));
        }

        (int exitCode, string output, string errors) = await RouterProgram.RunAsync(
            folder.Path, ["cluster", "status", "--json", "--config", Path.Combine(cluster.Folder, "cluster.conf")]);
        Assert.True(exitCode == 0, errors);
        Assert.Equal(3, JsonDocument.Parse(output).RootElement.GetProperty("nodes").GetArrayLength());
    }

    [Fact]
    public async Task A_start_continues_with_what_is_there_also_with_another_number_of_nodes()
    {
        Assert.SkipUnless(PostgresServer.IsInstalled, PostgresServer.Missing);
        using TemporaryFolder folder = RunningCluster.MakeFolder();
        RecipientQueue queue;
        EntityId fingerprint;
        await using (RunningCluster before = await RunningCluster.StartAsync(folder, nodes: 2))
        {
            fingerprint = before.Addresses[0].Fingerprint;
            await using Peer peer = await before.ConnectAsync(2);
            queue = await peer.Client.CreateQueueAsync(new NewQueue { Subscribe = false });
            await peer.Client.SendAsync(queue.Unsecured(), "kept");
            before.Signal(RouterProgram.Sigterm);
            (int exitCode, string? output, string log) = await before.EndAsync();
            Assert.True(exitCode == 0, log);
            Assert.Null(output);
        }

        await using RunningCluster after = await RunningCluster.StartAsync(folder, nodes: 3);
        Assert.Equal(fingerprint, after.Addresses[0].Fingerprint);
        await using Peer again = await after.ConnectAsync(3);
        await again.Client.SubscribeAsync(queue);
        Assert.Equal("kept", await again.ReceiveAsync(queue));
    }

    [Fact]
    public async Task Others_take_over_what_a_killed_node_served()
    {
        Assert.SkipUnless(PostgresServer.IsInstalled, PostgresServer.Missing);
        using TemporaryFolder folder = RunningCluster.MakeFolder();
        await using RunningCluster cluster = await RunningCluster.StartAsync(folder, 3, ShortTimes);
        await using Peer recipient = await cluster.ConnectAsync(1);
        await using Peer sender = await cluster.ConnectAsync(3);
        List<RecipientQueue> queues = [];
        for (int i = 0; i < 24; i++)
        {
            queues.Add(await recipient.Client.CreateQueueAsync());
        }

        int killed = cluster.ProcessOf(2);
        RouterProgram.Signal(killed, RouterProgram.Sigkill);
        await ProcessList.GoneAsync([killed]);

        HashSet<string> missing = [];
        using var patience = new CancellationTokenSource(Patience);
        foreach ((int index, RecipientQueue queue) in queues.Index())
        {
            // While nobody serves the queue the answer is an error, and a sender tries again.
            while (!(await sender.Client.SendAsync(queue.Unsecured(), $"message {index}").AsResult()).Succeeded)
            {
                patience.Token.ThrowIfCancellationRequested();
            }

            missing.Add($"message {index}");
        }

        while (missing.Count > 0)
        {
            var received = await recipient.NextAsync<MessageReceived>();
            await recipient.Client.AcknowledgeAsync(received);
            missing.Remove(received.Message.Text());
        }

        cluster.Signal(RouterProgram.Sigint);
        (int exitCode, _, string log) = await cluster.EndAsync();
        Assert.Equal(0, exitCode);
        Assert.Contains($"n2 (process {killed}) was ended by signal 9", log);
    }

    [Fact]
    public async Task When_all_nodes_have_ended_the_command_fails()
    {
        Assert.SkipUnless(PostgresServer.IsInstalled, PostgresServer.Missing);
        using TemporaryFolder folder = RunningCluster.MakeFolder();
        await using RunningCluster cluster = await RunningCluster.StartAsync(folder, nodes: 2);
        RouterProgram.Signal(cluster.ProcessOf(1), RouterProgram.Sigkill);
        RouterProgram.Signal(cluster.ProcessOf(2), RouterProgram.Sigkill);

        (int exitCode, string? output, string log) = await cluster.EndAsync();

        Assert.Equal(1, exitCode);
        Assert.Null(output);
        Assert.Contains("No node is left", log);
        Assert.Empty(ProcessList.Alive(cluster.Family));
    }

    [Fact]
    public async Task Without_its_database_the_cluster_ends()
    {
        Assert.SkipUnless(PostgresServer.IsInstalled, PostgresServer.Missing);
        using TemporaryFolder folder = RunningCluster.MakeFolder();
        await using RunningCluster cluster = await RunningCluster.StartAsync(folder, nodes: 1);
        string process = (await File.ReadAllLinesAsync(Path.Combine(cluster.Folder, "postgres", "data", "postmaster.pid")))[0];
        RouterProgram.Signal(int.Parse(process, CultureInfo.InvariantCulture), RouterProgram.Sigkill);

        (int exitCode, _, string log) = await cluster.EndAsync();

        Assert.Equal(1, exitCode);
        Assert.Contains("PostgreSQL ended", log);
        await ProcessList.GoneAsync(cluster.Family);
    }
}
