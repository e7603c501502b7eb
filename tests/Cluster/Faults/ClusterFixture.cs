using System.Globalization;
using SimplexActors.Cluster.Nodes;
using SimplexActors.Testing;
using Xunit;
using Xunit.Sdk;

namespace SimplexActors.Cluster.Faults;

/// <summary>
/// A cluster of three nodes for one test after another. Each leaves it whole; after one that failed the next gets another.
/// <c>SIMPLEX_SOAK</c> says how many rounds each fault has, <c>SIMPLEX_FAULTS</c> names a file for the table.
/// </summary>
public sealed class ClusterFixture : IAsyncDisposable
{
    private const int NodeCount = 3, LastLines = 40;

    private static readonly int _rounds =
        int.TryParse(Environment.GetEnvironmentVariable("SIMPLEX_SOAK"), NumberStyles.None, CultureInfo.InvariantCulture, out int rounds) ? rounds : 1;

    private TestCluster? _cluster;

    /// <summary>Runs a test that needs a whole cluster and leaves one.</summary>
    internal async Task UseAsync(ITestOutputHelper output, Func<TestCluster, Task> test)
    {
        Assert.SkipUnless(PostgresServer.IsInstalled, PostgresServer.Missing);
        TestCluster cluster = _cluster ??= await TestCluster.StartAsync(NodeCount);
        try
        {
            cluster.Note("== " + TestContext.Current.TestMethod?.MethodName);
            await test(cluster);
        }
        catch (Exception e) when (e is not SkipException)
        {
            Print(output, cluster);
            _cluster = null;
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a fault as often as wanted and reports each round.</summary>
    internal async Task RunAsync(ITestOutputHelper output, string fault, Func<TestCluster, Task<FaultResult>> test)
    {
        var failures = new List<string>();
        for (int round = 1; round <= _rounds; round++)
        {
            try
            {
                await UseAsync(output, async cluster =>
                {
                    FaultResult result = await test(cluster);
                    string row = result.ToRow(cluster.Network.WhyNotReal is null ? fault : $"{fault} (relays)", round);
                    output.WriteLine(row);
                    await AppendAsync(row);
                    Assert.True(result.Verdict.IsGood, result.Verdict.ToString() + '\n' + string.Join('\n', result.Verdict.Others));
                });
            }
            catch (Exception e) when (_rounds > 1 && e is not SkipException)
            {
                // The other rounds tell more.
                failures.Add($"round {round}: {e}");
                await AppendAsync($"| {fault} | {round} | failed: {e.Message.ReplaceLineEndings(" ")} |");
            }
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_cluster is { } cluster)
        {
            await cluster.DisposeAsync();
        }
    }

    private static async Task AppendAsync(string row)
    {
        if (Environment.GetEnvironmentVariable("SIMPLEX_FAULTS") is { Length: > 0 } file)
        {
            await File.AppendAllTextAsync(file, row + '\n');
        }
    }

    private static void Print(ITestOutputHelper output, TestCluster cluster)
    {
        output.WriteLine($"all logs: {cluster.Logs}");
        foreach (string file in Directory.EnumerateFiles(cluster.Logs, "*.log").Order())
        {
            using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            string[] lines = reader.ReadToEnd().Split('\n');
            output.WriteLine($"-- {Path.GetFileName(file)}\n{string.Join('\n', lines.TakeLast(LastLines))}");
        }
    }
}
