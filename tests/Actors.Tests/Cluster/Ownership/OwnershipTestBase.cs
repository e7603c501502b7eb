using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Actors.Tests.Cluster.Ownership;

/// <summary>Gives each test a database and a cluster on it.</summary>
public abstract class OwnershipTestBase(PostgresServer server) : IAsyncLifetime
{
    private PostgresDatabase? _database;
    private OwnershipCluster? _cluster;

    internal PostgresDatabase Database => _database!;

    internal OwnershipCluster Cluster => _cluster!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(PostgresServer.IsInstalled, PostgresServer.Missing);
        _database = await server.CreateDatabaseAsync();
        _cluster = await OwnershipCluster.CreateAsync(_database.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_cluster is { } cluster)
        {
            await cluster.DisposeAsync();
            cluster.AssertNothingWrong();
        }

        if (_database is { } database)
        {
            await database.DisposeAsync();
        }
    }
}
