using SimplexActors.Actors.Cluster.Links;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Nodes.Tests.CommandLine;

/// <summary><c>cluster</c> of the real program.</summary>
public sealed class ClusterCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Init_makes_certificates_that_nodes_can_use_and_says_what_goes_where()
    {
        (string output, string errors) = await RunAsync("cluster", "init", "etc/nodes", "--node", "alpha", "--node", "beta");
        Assert.Equal(
            ["alpha.crt", "alpha.key", "beta.crt", "beta.key", "ca.crt", "ca.key"],
            Directory.GetFiles(_folder.Of("etc", "nodes")).Select(Path.GetFileName).Order());
        string[] lines = output.TrimEnd('\n').Split('\n');
        Assert.Equal($"copy to node alpha: {Of("ca.crt")} {Of("alpha.crt")} {Of("alpha.key")}", lines[0]);
        Assert.Equal($"copy to node beta: {Of("ca.crt")} {Of("beta.crt")} {Of("beta.key")}", lines[1]);
        Assert.Equal("one more node later: simplex-router cluster cert etc/nodes NAME", lines[2]);
        Assert.Contains(Of("ca.key"), Assert.Single(errors.TrimEnd('\n').Split('\n')));
        Assert.Equal("beta", Load("beta").Name);
        Assert.All(["ca.key", "alpha.key"], file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Of(file))));
    }

    [Fact]
    public async Task A_node_is_named_after_its_host_unless_told_otherwise()
    {
        await RunAsync("cluster", "init", "etc/nodes");
        Assert.Equal(Environment.MachineName, Load(Environment.MachineName).Name);
    }

    [Fact]
    public async Task Cert_adds_a_node_and_renews_one_only_when_told()
    {
        await RunAsync("cluster", "init", "etc/nodes", "--node", "alpha");
        (string output, _) = await RunAsync("cluster", "cert", "etc/nodes", "gamma");
        Assert.Equal($"copy to node gamma: {Of("ca.crt")} {Of("gamma.crt")} {Of("gamma.key")}\n", output);
        Assert.Equal("gamma", Load("gamma").Name);
        string former = File.ReadAllText(Of("gamma.crt"));
        Assert.Contains("gamma.crt exists", await FailAsync("cluster", "cert", "etc/nodes", "gamma"));
        Assert.Equal(former, File.ReadAllText(Of("gamma.crt")));
        await RunAsync("cluster", "cert", "etc/nodes", "gamma", "--renew");
        Assert.NotEqual(former, File.ReadAllText(Of("gamma.crt")));
        Assert.Equal("gamma", Load("gamma").Name);
    }

    [Theory]
    [InlineData("ca.key")]
    [InlineData("ca.crt")]
    [InlineData("alpha.key")]
    [InlineData("alpha.crt")]
    public async Task Init_changes_nothing_where_something_is(string present)
    {
        Directory.CreateDirectory(_folder.Of("etc", "nodes"));
        File.WriteAllText(Of(present), "mine");
        IReadOnlyList<string> before = _folder.Snapshot();
        Assert.Contains($"{Of(present)} exists: nothing was changed", await FailAsync("cluster", "init", "etc/nodes", "--node", "alpha"));
        Assert.Equal(before, _folder.Snapshot());
    }

    [Theory]
    [InlineData("\"../x\" cannot be the name of a node", "cluster", "init", "nodes", "--node", "good", "--node", "../x")]
    [InlineData("\"ca\" cannot be the name of a node", "cluster", "init", "nodes", "--node", "ca")]
    [InlineData("nodes/ca.crt cannot be read: there is no such file", "cluster", "cert", "nodes", "x")]
    [InlineData("(see --help)", "cluster", "cert", "nodes")]
    [InlineData("(see --help)", "cluster")]
    public async Task What_cannot_be_done_is_said_in_one_line(string problem, params string[] arguments)
    {
        Assert.Contains(problem, await FailAsync(arguments));
        Assert.Empty(_folder.Snapshot());
    }

    private string Of(string file) => _folder.Of("etc", "nodes", file);

    private LinkCredentials Load(string node) => new(Of("ca.crt"), Of(node + ".crt"), Of(node + ".key"), TimeProvider.System);

    private async Task<(string Output, string Errors)> RunAsync(params string[] arguments)
    {
        (int exitCode, string output, string errors) = await RouterProgram.RunAsync(_folder.Path, arguments);
        Assert.True(exitCode == 0, errors);
        return (output, errors);
    }

    private async Task<string> FailAsync(params string[] arguments)
    {
        (int exitCode, string output, string errors) = await RouterProgram.RunAsync(_folder.Path, arguments);
        Assert.Equal((1, ""), (exitCode, output));
        return Assert.Single(errors.TrimEnd('\n').Split('\n'));
    }
}
