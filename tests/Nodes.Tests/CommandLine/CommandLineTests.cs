using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Nodes.Tests.CommandLine;

/// <summary>What the program says and how it ends when it does not start a router.</summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory, Spec("O-029")]
    [InlineData]
    [InlineData("--help")]
    [InlineData("init", "--help")]
    [InlineData("start", "-h")]
    public async Task Help_is_printed_and_is_no_failure(params string[] arguments)
    {
        (int exitCode, string output, string errors) = await RouterProgram.RunAsync(_folder.Path, arguments);
        Assert.Equal((0, ""), (exitCode, errors));
        Assert.Contains("Usage:", output);
    }

    [Theory, Spec("O-030")]
    [InlineData("--version")]
    [InlineData("-v")]
    public async Task The_version_is_one_line(string argument)
    {
        (int exitCode, string output, _) = await RouterProgram.RunAsync(_folder.Path, [argument]);
        Assert.Equal(0, exitCode);
        Assert.Matches(@"^SimplexActors router v\d+\.\d+\.\d+ / [0-9a-f]{0,7}\n$", output);
    }

    [Theory, Spec("O-029")]
    [InlineData("\"strat\" is not a command", "strat")]
    [InlineData("\"--fast\" is not a command or option", "dev", "--fast")]
    [InlineData("'--data'", "dev", "--data")]
    [InlineData("'--host' is required", "init")]
    [InlineData("--set needs KEY=VALUE", "dev", "--set", "nonsense")]
    [InlineData("smp.ports = \"x\" (command line): must be a port", "dev", "--smp-port", "x")]
    [InlineData("log.level = \"loud\" (command line): must be one of", "dev", "--log-level", "loud")]
    [InlineData("queue.message_ttl (command line): there is no such key; did you mean queues.message_ttl?", "dev", "--set", "queue.message_ttl=1 day")]
    [InlineData("must be ed25519 or ed448", "init", "--host", "a", "--sign-algorithm", "rsa")]
    [InlineData("exclude each other", "init", "--host", "a", "--password", "p", "--no-password")]
    [InlineData("without @ : /", "init", "--host", "a", "--password", "p@ss")]
    [InlineData("smp.hosts = \"a b\"", "init", "--host", "a b")]
    [InlineData("simplex-router.conf: no such file; 'simplex-router init' makes one", "start")]
    [InlineData("none.conf: no such file", "cert", "--config", "none.conf")]
    [InlineData("no such file", "start", "--config", "none.conf")]
    public async Task What_cannot_be_done_is_said_in_one_line(string text, params string[] arguments)
    {
        string problem = await FailAsync(arguments);
        Assert.Contains(text, problem);
        Assert.Empty(_folder.Snapshot());
    }

    [Fact]
    public async Task A_bad_file_is_named_with_its_line()
    {
        File.WriteAllText(_folder.Of("x.conf"), "{\n  \"smp\": {\n    ports = 5223\n  }\n}\n");
        Assert.Contains("x.conf, line 3: of HOCON only its JSON subset is read", await FailAsync("start", "--config", "x.conf"));
    }

    [Fact]
    public async Task A_bad_variable_is_named()
    {
        string problem = await FailAsync(["dev"], ("SIMPLEX__queues__message_quota", "0"));
        Assert.Contains("queues.message_quota = \"0\" (environment): must be a whole number from 1 to 65536", problem);
    }

    [Fact]
    public async Task Every_problem_has_its_line()
    {
        (int exitCode, string output, string errors) = await RouterProgram.RunAsync(_folder.Path, ["dev", "--smp-port", "x", "--log-level", "y"]);
        Assert.Equal((1, ""), (exitCode, output));
        Assert.Equal(2, errors.TrimEnd('\n').Split('\n').Length);
    }

    [Fact]
    public async Task A_file_that_may_not_be_read_is_named()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "root reads every file");
        File.WriteAllText(_folder.Of("x.conf"), "{}");
        File.SetUnixFileMode(_folder.Of("x.conf"), UnixFileMode.None);
        Assert.Contains("x.conf: not allowed to read it", await FailAsync("start", "--config", "x.conf"));
    }

    private Task<string> FailAsync(params string[] arguments) => FailAsync(arguments, environment: []);

    private async Task<string> FailAsync(string[] arguments, params (string Name, string Value)[] environment)
    {
        (int exitCode, string output, string errors) = await RouterProgram.RunAsync(_folder.Path, arguments, environment);
        Assert.Equal((1, ""), (exitCode, output));
        Assert.StartsWith("simplex-router: ", errors);
        return Assert.Single(errors.TrimEnd('\n').Split('\n'));
    }
}
