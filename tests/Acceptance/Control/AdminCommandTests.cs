using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Acceptance.Control;

/// <summary><c>simplex-router admin</c> beside a running router.</summary>
public sealed class AdminCommandTests(ControlFixture fixture) : IClassFixture<ControlFixture>, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ControlledRouter _router = fixture.Router;

    private (string, string)[] Password => [("SIMPLEX__control__admin_password", ControlledRouter.Admin), ("SIMPLEX__control__user_password", ControlledRouter.User)];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task One_command_is_answered_on_standard_output()
    {
        (int exitCode, string output, string errors) = await RouterProgram.RunAsync(
            _folder.Path, ["admin", "--port", $"{_router.Port}", "server-info"], Password);
        Assert.Equal((0, ""), (exitCode, errors));
        Assert.StartsWith("Threads: ", output);
        Assert.Contains("Client queues (rcvQ, sndQ, msgQ): ", output);
    }

    [Fact]
    public async Task The_port_and_the_password_come_from_the_configuration()
    {
        string file = _folder.Of("router.conf");
        await File.WriteAllTextAsync(
            file, $$"""{ "control": { "port": {{_router.Port}}, "user_password": "{{ControlledRouter.User}}" } }""", TestContext.Current.CancellationToken);
        (int exitCode, string output, _) = await RouterProgram.RunAsync(_folder.Path, ["admin", "--config", file, "--user", "status", "AAAA"]);
        Assert.Equal((1, "error: AUTH\n"), (exitCode, output));
        (exitCode, output, _) = await RouterProgram.RunAsync(_folder.Path, ["admin", "--config", file, "sockets"]);
        Assert.Equal((1, "AUTH\n"), (exitCode, output));
    }

    [Fact]
    public async Task Commands_are_taken_from_the_input()
    {
        await using RouterProgram admin = RouterProgram.Start(_folder.Path, ["admin", "--port", $"{_router.Port}"], Password);
        await admin.WriteLineAsync("suspend");
        Assert.Equal("suspend not implemented", await admin.ReadLineAsync());
        await admin.WriteLineAsync("help");
        Assert.Equal(ControlSessionClient.Help, await admin.ReadLineAsync());
        await admin.WriteLineAsync("quit");
        Assert.Equal(0, await admin.ExitAsync());
    }

    [Theory]
    [InlineData("1", "control port 1: Connection refused")]
    [InlineData(null, "simplex-router.conf: no such file; 'simplex-router init' makes one")]
    [InlineData("65536", "--port 65536: must be a whole number from 1 to 65535")]
    [InlineData("0", "this router has no control port: set control.port, or give --port")]
    public async Task What_is_wrong_is_said_in_one_line(string? port, string problem)
    {
        string[] arguments = port is null ? ["admin", "help"] : ["admin", "--port", port, "help"];
        (int exitCode, string output, string errors) = await RouterProgram.RunAsync(_folder.Path, arguments);
        Assert.Equal((1, ""), (exitCode, output));
        Assert.Equal($"simplex-router: {problem}\n", errors);
    }

    [Fact]
    public async Task A_wrong_password_is_said_in_one_line()
    {
        (int exitCode, _, string errors) = await RouterProgram.RunAsync(
            _folder.Path, ["admin", "--port", $"{_router.Port}", "clients"], [("SIMPLEX__control__admin_password", "wrong")]);
        Assert.Equal(1, exitCode);
        Assert.Equal($"simplex-router: control port {_router.Port}: the router has another password than this configuration\n", errors);
    }
}
