using System.Globalization;
using Npgsql;
using SimplexActors.Actors;
using SimplexActors.Actors.Engine;
using SimplexActors.Bench.Smp;
using SimplexActors.Nodes.LocalCluster;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Testing;

namespace SimplexActors.Bench.Cluster;

/// <summary>Nodes as processes of their own on one PostgreSQL, all on this machine.</summary>
internal sealed class ClusterUnderLoad : IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    private readonly string _folder;
    private readonly List<RouterUnderLoad> _nodes = [];
    private readonly List<CpuSlice> _slices = [];

    private ClusterUnderLoad(string folder, PrivatePostgres postgres) => (_folder, Postgres) = (folder, postgres);

    /// <summary>The nodes; the first is called n1.</summary>
    public IReadOnlyList<RouterUnderLoad> Nodes => _nodes;

    /// <summary>The database.</summary>
    public PrivatePostgres Postgres { get; }

    /// <summary>CPU time of all nodes so far.</summary>
    public TimeSpan CpuTime => _nodes.Aggregate(TimeSpan.Zero, (sum, node) => sum + node.CpuTime);

    /// <summary>CPU time of the database's processes so far, without those that ended.</summary>
    public TimeSpan DatabaseCpuTime
    {
        get
        {
            TimeSpan sum = TimeSpan.Zero;
            foreach (int process in DatabaseProcesses())
            {
                sum += RouterUnderLoad.CpuTimeOf(process);
            }

            return sum;
        }
    }

    /// <summary>Starts it, and waits until the shards are spread.</summary>
    public static async Task<ClusterUnderLoad> StartAsync(int nodes)
    {
        string folder = Directory.CreateTempSubdirectory("bench-cluster-").FullName;
        string[] names = [.. Enumerable.Range(1, nodes).Select(number => $"n{number.ToString(CultureInfo.InvariantCulture)}")];
        await CheckAsync(folder, ["init", "--host", "localhost", "--no-password", "--smp-port", "0", "--config", "base.conf"]);
        await CheckAsync(folder, ["cluster", "init", "cluster", .. names.SelectMany(name => new[] { "--node", name })]);
        var cluster = new ClusterUnderLoad(folder, await PostgresServer.StartOwnAsync());
        foreach (string name in names)
        {
            cluster._nodes.Add(await RouterUnderLoad.StartAsync(
            [
                "start", "--config", Path.Combine(folder, "base.conf"), "--smp-port", "0", "--set", "smp.bind=127.0.0.1",
                "--set", $"store.postgres={cluster.Postgres.ConnectionString()}", "--set", $"cluster.node={name}", "--set", "cluster.link_port=0",
                "--set", "cluster.link_bind=127.0.0.1", "--set", "cluster.link_host=127.0.0.1", "--set", $"cluster.certificates={Path.Combine(folder, "cluster")}",
                "--set", "cluster.drain_time=0 s", "--set", "cluster.hand_offs_per_second=1000",
            ]));
        }

        while (await cluster.ScalarAsync($"SELECT count(DISTINCT owner) = {nodes} AND count(owner) = {Limits.ShardsPerRegion} FROM shards") is not true)
        {
            await Task.Delay(Look);
        }

        return cluster;
    }

    /// <summary>From now on each node has to make do with so many cores, and the database too where a number is given.</summary>
    /// <exception cref="CpuSliceException">See <see cref="CpuSlice.Of"/>.</exception>
    public void Limit(double nodeCores, double? databaseCores)
    {
        _slices.AddRange(_nodes.Select(node => CpuSlice.Of([node.ProcessId], nodeCores)));
        if (databaseCores is { } cores)
        {
            _slices.Add(CpuSlice.Of(DatabaseProcesses(), cores));
        }
    }

    /// <summary>Pairs of clients, spread evenly over all pairs of nodes.</summary>
    public Task<MessageLoad> ConnectAsync(int pairs) => MessageLoad.ConnectAsync(
        pair => (Nodes[pair % Nodes.Count].Address, Nodes[pair / Nodes.Count % Nodes.Count].Address), _ => true, pairs, KeyAlgorithm.X25519);

    /// <summary>The owner of each shard, as index of <see cref="Nodes"/>.</summary>
    public async Task<int[]> OwnersAsync()
    {
        await using var connection = new NpgsqlConnection(Postgres.ConnectionString());
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT n.name FROM shards s JOIN nodes n ON n.node_no = s.owner ORDER BY s.shard_no", connection);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        var owners = new List<int>();
        while (await reader.ReadAsync())
        {
            owners.Add(int.Parse(reader.GetString(0).AsSpan(1), CultureInfo.InvariantCulture) - 1);
        }

        return [.. owners];
    }

    /// <summary>The shard of a queue.</summary>
    public static int ShardOf(EntityId queue) => Sharding.ShardOf(queue, Limits.ShardsPerRegion);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (RouterUnderLoad node in _nodes)
        {
            await node.DisposeAsync();
        }

        NpgsqlConnection.ClearAllPools();
        await Postgres.DisposeAsync();
        _slices.ForEach(slice => slice.Dispose());
        Directory.Delete(_folder, recursive: true);
    }

    private IEnumerable<int> DatabaseProcesses()
    {
        string server = Postgres.ProcessId.ToString(CultureInfo.InvariantCulture);
        string[] children = File.ReadAllText($"/proc/{server}/task/{server}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return children.Select(process => int.Parse(process, CultureInfo.InvariantCulture)).Prepend(Postgres.ProcessId);
    }

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(Postgres.ConnectionString());
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    private static async Task CheckAsync(string folder, string[] arguments)
    {
        (int exitCode, _, string errors) = await RouterProgram.RunAsync(folder, arguments);
        if (exitCode != 0)
        {
            throw new InvalidOperationException($"{arguments[0]} failed: {errors}");
        }
    }
}
