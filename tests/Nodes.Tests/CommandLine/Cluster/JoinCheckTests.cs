using System.Net;
using System.Net.Sockets;
using Npgsql;
using SimplexActors.Actors.Cluster.Links;
using SimplexActors.Actors.Cluster.Ownership;
using SimplexActors.Actors.Storage.Postgres;
using SimplexActors.Nodes.CommandLine.Cluster;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Nodes.Tests.CommandLine.Cluster;

/// <summary><c>simplex-router cluster join-check</c>.</summary>
public sealed class JoinCheckTests(PostgresServer server) : ClusterCommandBase(server)
{
    [Fact]
    public async Task The_first_node_finds_everything_in_order_and_changes_nothing()
    {
        using var folder = new NodeFolder(Database.ConnectionString);
        string[] lines = await CheckAsync(folder, problems: 0);
        Assert.Equal("ok: configuration: valid, for node a", lines[0]);
        Assert.Contains("ok: cluster: there is none yet: this node begins it", lines);
        Assert.Contains($"ok: link port: {folder.LinkPort} is free", lines);
        Assert.Contains(lines, line => line.StartsWith("ok: schema: none yet", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("note: durability: there is no synchronous standby", StringComparison.Ordinal));
        Assert.Equal(0L, await Database.ScalarAsync<long>("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"));
    }

    [Fact]
    public async Task A_node_of_the_cluster_finds_the_others()
    {
        await MigrateAsync();
        using var folder = new NodeFolder(Database.ConnectionString);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        await JoinAsync("b", port, folder.Fingerprint());
        string[] lines = await CheckAsync(folder, problems: 0);
        Assert.Contains("ok: shards: 256, as in the cluster", lines);
        Assert.Contains("ok: router identity: that of the cluster", lines);
        Assert.Contains("ok: name: a is free", lines);
        Assert.Contains($"ok: node b: answers at 127.0.0.1:{port}", lines);
        listener.Stop();
        Assert.StartsWith($"problem: node b: not reached at 127.0.0.1:{port} ", await ProblemAsync(folder), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_identity_is_refused()
    {
        await MigrateAsync();
        await InsertAsync("b", "127.0.0.1", silentSeconds: 0);
        await Database.ExecuteAsync("UPDATE nodes SET state = 'gone'");
        using var folder = new NodeFolder(Database.ConnectionString);
        Assert.StartsWith("problem: router identity: the cluster has AQID=, this node another: copy the folder ", await ProblemAsync(folder), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_number_of_shards_is_refused()
    {
        await MigrateAsync();
        using var folder = new NodeFolder(Database.ConnectionString);
        await Database.ExecuteAsync($"INSERT INTO cluster (shard_count, fingerprint) VALUES (16, '\\x{Convert.ToHexString(folder.Fingerprint())}')");
        Assert.StartsWith("problem: shards: this node has 256, the cluster 16: set cluster.shards to 16, or", await ProblemAsync(folder), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_in_use_is_refused_and_that_of_a_dead_node_is_not()
    {
        await MigrateAsync();
        using var folder = new NodeFolder(Database.ConnectionString);
        ShardOwnership running = await JoinAsync("a", 5001, folder.Fingerprint());
        Assert.StartsWith("problem: name: a node a runs at 127.0.0.1:5001 (heartbeat ", await ProblemAsync(folder), StringComparison.Ordinal);
        await running.LeaveAsync(TestContext.Current.CancellationToken);
        await InsertAsync("a", "127.0.0.1", silentSeconds: 60);
        Assert.Contains("note: name: a node a ended without leaving; this one takes its place after 8 s", await CheckAsync(folder, problems: 0));
    }

    [Fact]
    public async Task A_port_in_use_is_named()
    {
        using var folder = new NodeFolder(Database.ConnectionString);
        using var listener = new TcpListener(IPAddress.Loopback, folder.LinkPort);
        listener.Start();
        Assert.StartsWith($"problem: link port: {folder.LinkPort} is in use: end the other program, or change cluster.link_port", await ProblemAsync(folder), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Certificates_must_be_those_of_this_node_and_of_this_cluster()
    {
        using var folder = new NodeFolder(Database.ConnectionString);
        File.Delete(Path.Combine(folder.Certificates, ClusterCertificates.AuthorityKey));
        await CheckAsync(folder, problems: 0);
        using var other = new NodeFolder(Database.ConnectionString);
        File.Copy(Path.Combine(other.Certificates, "ca.crt"), Path.Combine(folder.Certificates, "ca.crt"), overwrite: true);
        Assert.Contains("was not made with the key of", await ProblemAsync(folder), StringComparison.Ordinal);
        File.Delete(ClusterCertificates.CertificateOf(folder.Certificates, "a"));
        Assert.Contains("there is no such file; 'simplex-router cluster cert' makes one where ca.key is", await ProblemAsync(folder), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_cannot_be_used_is_refused()
    {
        using var folder = new NodeFolder($"Host=127.0.0.1;Port=1;Password={NodeFolder.Password}");
        Assert.StartsWith("problem: database: The database ", await ProblemAsync(folder), StringComparison.Ordinal);
        folder.Database = Database.ConnectionString;
        folder.Write();
        await Database.ExecuteAsync("CREATE TABLE theirs (x integer)");
        Assert.Contains("belongs to another program", await ProblemAsync(folder), StringComparison.Ordinal);
        await Database.ExecuteAsync("DROP TABLE theirs; CREATE TABLE schema_version (x integer); INSERT INTO schema_version SELECT generate_series(1, 1000)");
        (int exitCode, string output, _) = await folder.RunAsync("cluster", "join-check");
        Assert.Equal(1, exitCode);
        Assert.Contains("problem: schema: version 1000 is newer than this program", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_was_copied_in_part_is_refused()
    {
        await MigrateAsync();
        using var folder = new NodeFolder(Database.ConnectionString);
        await Database.ExecuteAsync("INSERT INTO store_copy (state) VALUES ('copying')");
        string problem = await ProblemAsync(folder);
        Assert.StartsWith("problem: store: The database ", problem, StringComparison.Ordinal);
        Assert.EndsWith(" is half filled: 'simplex-router store migrate' was interrupted or still runs. Run it again, it starts over", problem, StringComparison.Ordinal);
        await Database.ExecuteAsync("UPDATE store_copy SET state = 'complete', ended_at = clock_timestamp()");
        await CheckAsync(folder, problems: 0);
    }

    [Fact]
    public async Task Of_several_servers_the_one_that_takes_writes_is_used()
    {
        var settings = new NpgsqlConnectionStringBuilder(Database.ConnectionString);
        (settings.Host, settings.TargetSessionAttributes) = ($"127.0.0.1:1,127.0.0.1:{settings.Port}", "primary");
        using var folder = new NodeFolder(settings.ConnectionString);
        await CheckAsync(folder, problems: 0);
    }

    [Theory]
    [InlineData(true, true, 100, null)]
    [InlineData(false, true, 100, "problem: durability: the server has fsync or full_page_writes off")]
    [InlineData(true, false, 100, "problem: database: x takes no writes, it is a standby or read-only")]
    [InlineData(true, true, 21, "problem: connections: the server takes 21, this node wants 22")]
    public void A_server_must_keep_what_it_confirms_and_have_room(bool keepsData, bool takesWrites, int connections, string? problem)
    {
        var facts = new DatabaseFacts("x", new Version(15, 4), takesWrites, "UTF8", keepsData, true, connections, PostgresMigrations.Latest, false, false);
        string[] problems = [.. facts.Judge(16).Where(finding => finding.Kind == FindingKind.Problem).Select(finding => $"{finding}")];
        Assert.Equal(problem is null ? 0 : 1, problems.Length);
        Assert.All(problems, found => Assert.StartsWith(problem!, found, StringComparison.Ordinal));
    }

    private static async Task<string> ProblemAsync(NodeFolder folder) =>
        Assert.Single(await CheckAsync(folder, problems: 1), line => line.StartsWith("problem: ", StringComparison.Ordinal));

    private static async Task<string[]> CheckAsync(NodeFolder folder, int problems)
    {
        (int exitCode, string output, string errors) = await folder.RunAsync("cluster", "join-check");
        Assert.Equal((problems > 0 ? 1 : 0, ""), (exitCode, errors));
        Assert.DoesNotContain(NodeFolder.Password, output, StringComparison.Ordinal);
        string[] lines = output.TrimEnd('\n').Split('\n');
        Assert.All(lines, line => Assert.Matches("^(ok|note|problem): [a-z 0-9]+: .*[^.]$", line));
        Assert.Equal(problems, lines.Count(line => line.StartsWith("problem: ", StringComparison.Ordinal)));
        return lines;
    }
}
