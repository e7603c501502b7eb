using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using SimplexActors.Nodes.Edges.Listener;
using SimplexActors.Nodes.Hosting;

namespace SimplexActors.Nodes.LocalCluster;

/// <summary>The processes of a cluster on one machine: PostgreSQL and the nodes.</summary>
internal sealed class LocalCluster : IAsyncDisposable
{
    private const string Database = "simplex";

    private readonly List<NodeProcess> _nodes = [];
    private readonly PrivatePostgres _postgres;

    private LocalCluster(PrivatePostgres postgres) => _postgres = postgres;

    /// <summary>The nodes, in order.</summary>
    public IReadOnlyList<NodeProcess> Nodes => _nodes;

    /// <summary>The database.</summary>
    public PrivatePostgres Postgres => _postgres;

    /// <summary>Leads to the database.</summary>
    public string ConnectionString => _postgres.ConnectionString(Database);

    /// <summary>Starts everything; the nodes need not be ready yet when the task completes.</summary>
    /// <exception cref="StartException">Something stands in the way that the user can remove.</exception>
    public static async Task<LocalCluster> StartAsync(LocalClusterOptions options, LocalClusterFolder folder, CancellationToken cancellation)
    {
        CheckPorts(options);
        folder.Prepare(options.Names);
        var cluster = new LocalCluster(await StartPostgresAsync(folder, cancellation));
        try
        {
            await cluster.EnsureDatabaseAsync(cancellation);
            folder.WriteConfiguration(LocalClusterConfig.TextOf(folder, cluster.ConnectionString));
            foreach ((int index, string name) in options.Names.Index())
            {
                cancellation.ThrowIfCancellationRequested();
                cluster._nodes.Add(await NodeProcess.StartAsync(
                    name, folder.LogOf(name), LocalClusterConfig.ArgumentsOf(folder, name, options.PortOf(index), options.Settings)));
            }

            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops all nodes together, then the database.</summary>
    /// <returns>The names of nodes that did not stop and were killed.</returns>
    public async Task<IReadOnlyList<string>> StopAsync()
    {
        using var patience = new CancellationTokenSource(LocalClusterLimits.NodeStop);
        bool[] clean = await Task.WhenAll(_nodes.Select(node => node.StopAsync(patience.Token)));
        await _postgres.StopAsync();
        return [.. _nodes.Where((_, index) => !clean[index]).Select(node => node.Name)];
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _nodes.ForEach(node => node.Dispose());
        await _postgres.DisposeAsync();
    }

    private static void CheckPorts(LocalClusterOptions options)
    {
        for (int index = 0; index < options.Nodes && options.Port != 0; index++)
        {
            int port = options.PortOf(index);
            try
            {
                ListeningSocket.Bind(new IPEndPoint(IPAddress.Loopback, port), NullLogger.Instance).Dispose();
            }
            catch (AddressInUseException e)
            {
                throw new StartException($"port {port} is in use: end the other program, or choose another with --smp-port", e);
            }
            catch (SocketException e)
            {
                throw new StartException($"port {port} cannot be listened on ({e.Message}): choose another with --smp-port", e);
            }
        }
    }

    private static async Task<PrivatePostgres> StartPostgresAsync(LocalClusterFolder folder, CancellationToken cancellation)
    {
        try
        {
            return await PrivatePostgres.StartAsync(folder.Postgres, cancellation: cancellation);
        }
        catch (PostgresStartException e)
        {
            throw new StartException(e.Message, e);
        }
    }

    private async Task EnsureDatabaseAsync(CancellationToken cancellation)
    {
        var server = new NpgsqlConnectionStringBuilder(_postgres.ConnectionString()) { Pooling = false };
        await using var connection = new NpgsqlConnection(server.ConnectionString);
        await connection.OpenAsync(cancellation);
        await using var find = new NpgsqlCommand($"SELECT 1 FROM pg_database WHERE datname = '{Database}'", connection);
        if (await find.ExecuteScalarAsync(cancellation) is null)
        {
            await using var create = new NpgsqlCommand($"CREATE DATABASE {Database} TEMPLATE template0", connection);
            await create.ExecuteNonQueryAsync(cancellation);
        }
    }
}
