using System.Net;
using System.Net.NetworkInformation;
using Npgsql;
using SimplexActors.Nodes.LocalCluster;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Nodes.Tests.LocalCluster;

/// <summary>A PostgreSQL of our own: it starts, stops, dies and comes back with what was committed.</summary>
public sealed class PrivatePostgresTests
{
    [Fact]
    public async Task It_keeps_what_was_committed_when_it_stops_and_when_it_is_killed()
    {
        Assert.SkipUnless(PostgresServer.IsInstalled, PostgresServer.Missing);
        await using PrivatePostgres server = await PostgresServer.StartOwnAsync();
        await PostgresDatabase.ExecuteAsync(server.ConnectionString(), "CREATE TABLE kept (n int); INSERT INTO kept VALUES (1)");
        int port = server.Port;
        int process = server.ProcessId;

        await server.StopAsync();
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => PostgresDatabase.ExecuteAsync(server.ConnectionString(), "SELECT 1"));
        await server.StartAsync(TestContext.Current.CancellationToken);
        await PostgresDatabase.ExecuteAsync(server.ConnectionString(), "INSERT INTO kept VALUES (2)");
        await server.KillAsync();
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => PostgresDatabase.ExecuteAsync(server.ConnectionString(), "SELECT 1"));
        await server.StartAsync(TestContext.Current.CancellationToken);

        await PostgresDatabase.ExecuteAsync(server.ConnectionString(), "DO $$ BEGIN ASSERT (SELECT sum(n) FROM kept) = 3; END $$");
        Assert.Equal(port, server.Port);
        Assert.NotEqual(process, server.ProcessId);
    }

    [Fact]
    public async Task It_listens_on_the_loopback_address_only_and_asks_for_the_password()
    {
        Assert.SkipUnless(PostgresServer.IsInstalled, PostgresServer.Missing);
        await using PrivatePostgres server = await PostgresServer.StartOwnAsync();
        Assert.Equal(
            [IPAddress.Loopback],
            IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Where(listener => listener.Port == server.Port).Select(listener => listener.Address));
        string wrong = new NpgsqlConnectionStringBuilder(server.ConnectionString()) { Password = "wrong", Pooling = false }.ConnectionString;
        PostgresException refused = await Assert.ThrowsAsync<PostgresException>(() => PostgresDatabase.ExecuteAsync(wrong, "SELECT 1"));
        Assert.Equal(PostgresErrorCodes.InvalidPassword, refused.SqlState);
    }

    [Fact]
    public async Task A_temporary_folder_goes_with_it()
    {
        Assert.SkipUnless(PostgresServer.IsInstalled, PostgresServer.Missing);
        string folder = Path.Combine(Path.GetTempPath(), $"simplex-postgres-{Guid.NewGuid():N}");
        await using (PrivatePostgres server = await PrivatePostgres.StartAsync(folder, isTemporary: true, TestContext.Current.CancellationToken))
        {
            Assert.True(Directory.Exists(folder));
            Assert.True(server.Port > 0);
        }

        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public async Task A_folder_that_it_cannot_use_is_named_in_one_line()
    {
        Assert.SkipUnless(PostgresServer.IsInstalled, PostgresServer.Missing);
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.Of("pg", "data"));
        await File.WriteAllTextAsync(folder.Of("pg", "data", "other"), "", TestContext.Current.CancellationToken);
        PostgresStartException refused = await Assert.ThrowsAsync<PostgresStartException>(
            () => PrivatePostgres.StartAsync(folder.Of("pg"), cancellation: TestContext.Current.CancellationToken));
        Assert.Contains(folder.Of("pg"), refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }
}
