using System.Globalization;
using System.Net;
using System.Net.Sockets;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Cluster.Local;

/// <summary>What cannot work is refused in one line.</summary>
public sealed class ArgumentTests
{
    [Theory]
    [InlineData("--nodes 0: must be a number from 1 to 16", "--nodes", "0")]
    [InlineData("--nodes 17: must be", "--nodes", "17")]
    [InlineData("--nodes three: must be", "--nodes", "three")]
    [InlineData("--smp-port 65536: must be a number from 0 to 65535", "--smp-port", "65536")]
    [InlineData("--smp-port 65534: 3 nodes need ports up to 65536", "--smp-port", "65534")]
    [InlineData("queues.no_such_key", "--set", "queues.no_such_key=1")]
    [InlineData("--set needs KEY=VALUE", "--set", "nothing")]
    public async Task Values_that_are_none(string problem, params string[] arguments)
    {
        using TemporaryFolder folder = RunningCluster.MakeFolder();
        await RefusedAsync(folder, problem, arguments);
        Assert.Empty(folder.Snapshot());
    }

    [Fact]
    public async Task A_port_that_is_taken()
    {
        Assert.SkipUnless(PostgresServer.IsInstalled, PostgresServer.Missing);
        using TemporaryFolder folder = RunningCluster.MakeFolder();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        string port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        await RefusedAsync(folder, $"port {port} is in use: end the other program, or choose another with --smp-port", "--nodes", "1", "--smp-port", port);
    }

    [Fact]
    public async Task A_folder_of_something_else()
    {
        Assert.SkipUnless(PostgresServer.IsInstalled, PostgresServer.Missing);
        using TemporaryFolder folder = RunningCluster.MakeFolder();
        string file = folder.Of("letter.txt");
        await File.WriteAllTextAsync(file, "Dear Alice");
        IReadOnlyList<string> before = folder.Snapshot();

        await RefusedAsync(folder, $"{folder.Path} holds something else (letter.txt)", "--data", folder.Path);
        await RefusedAsync(folder, $"{file} is a file", "--data", file);
        await RefusedAsync(folder, "/proc/none", "--data", "/proc/none");

        Assert.Equal(before, folder.Snapshot());
    }

    [Fact]
    public async Task A_folder_that_is_in_use()
    {
        Assert.SkipUnless(PostgresServer.IsInstalled, PostgresServer.Missing);
        using TemporaryFolder folder = RunningCluster.MakeFolder();
        await using RunningCluster cluster = await RunningCluster.StartAsync(folder, nodes: 1);
        await RefusedAsync(folder, $"{cluster.Folder} is in use by another 'cluster run'", "--data", cluster.Folder, "--smp-port", "0");
    }

    private static async Task RefusedAsync(TemporaryFolder folder, string problem, params string[] arguments)
    {
        string[] data = arguments.Contains("--data") ? [] : ["--data", folder.Of("cluster")];
        (int exitCode, string output, string errors) = await RouterProgram.RunAsync(folder.Path, ["cluster", "run", .. data, .. arguments]);
        Assert.Equal(1, exitCode);
        Assert.Equal("", output);
        string line = Assert.Single(errors.TrimEnd().Split('\n'), line => line.StartsWith("simplex-router: ", StringComparison.Ordinal));
        Assert.Contains(problem, line);
    }
}
