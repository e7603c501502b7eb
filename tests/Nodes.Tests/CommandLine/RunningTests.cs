using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Nodes.Tests.CommandLine;

/// <summary><c>dev</c> and <c>start</c> of the real program: what they print, how they stop, why they refuse to start.</summary>
public sealed partial class RunningTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory, Spec("S-395", "O-205")]
    [InlineData(RouterProgram.Sigint)]
    [InlineData(RouterProgram.Sigterm)]
    public async Task Dev_prints_one_address_and_stops_at_the_first_signal(int signal)
    {
        await using RouterProgram router = RouterProgram.Start(_folder.Path, ["dev", "--smp-port", "0"]);
        string address = await AddressAsync(router);
        using (var client = new TcpClient())
        {
            await client.ConnectAsync("localhost", PortOf(address), TestContext.Current.CancellationToken);
        }

        router.Signal(signal);
        Assert.Null(await router.ReadLineAsync());
        Assert.Equal(0, await router.ExitAsync());
        string[] log = (await router.ErrorsAsync()).TrimEnd('\n').Split('\n');
        Assert.Contains(log, line => line.Contains("Router stopped"));
        Assert.All(log, line => Assert.Matches(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ (info|warn): ", line));
    }

    [Theory, Spec("S-061")]
    [InlineData("info", false)]
    [InlineData("debug", true)]
    public async Task Failed_handshakes_are_told_only_to_who_asks_for_details(string level, bool told)
    {
        await using RouterProgram router = RouterProgram.Start(_folder.Path, ["dev", "--smp-port", "0", "--set", $"log.level={level}"]);
        int port = PortOf(await AddressAsync(router));
        using (var client = new TcpClient())
        {
            await client.ConnectAsync("localhost", port, TestContext.Current.CancellationToken);
            await client.Client.SendAsync(new byte[] { 0x16, 3, 1, 0, 5, 1, 0, 0, 1, 0 }, TestContext.Current.CancellationToken);
            client.Client.Shutdown(SocketShutdown.Send);
            while (await client.Client.ReceiveAsync(new byte[100], TestContext.Current.CancellationToken) > 0)
            {
            }
        }

        router.Signal(RouterProgram.Sigterm);
        Assert.Equal(0, await router.ExitAsync());
        Assert.Equal(told, (await router.ErrorsAsync()).Contains("TLS handshake failed"));
    }

    [Fact]
    public async Task Dev_keeps_its_identity()
    {
        string first = await RunOnceAsync("dev", "--smp-port", "0", "--data", "d");
        string second = await RunOnceAsync("dev", "--smp-port", "0", "--data", "d");
        Assert.Equal(FingerprintOf(first), FingerprintOf(second));
        Assert.True(File.Exists(_folder.Of("d", "identity", "ca.crt")));
    }

    [Fact]
    public async Task Dev_prints_the_hosts_that_it_was_given()
    {
        string address = await RunOnceAsync("dev", "--smp-port", "0", "--host", "192.0.2.7", "--host", "a.example");
        Assert.Contains("@192.0.2.7,a.example:", address);
    }

    [Fact, Spec("O-618")]
    public async Task Start_runs_what_init_made_and_shows_no_password()
    {
        (int exitCode, string output, _) = await RouterProgram.RunAsync(_folder.Path, ["init", "--host", "a.example", "--password", "secret"]);
        Assert.Equal(0, exitCode);
        string address = await RunOnceAsync("start", "--smp-port", "0");
        Assert.DoesNotContain("secret", address);
        Assert.Equal(FingerprintOf(output), FingerprintOf(address));
    }

    [Fact]
    public async Task A_port_in_use_is_named()
    {
        using var other = new TcpListener(IPAddress.IPv6Any, 0);
        other.Server.DualMode = true;
        other.Start();
        string port = ((IPEndPoint)other.LocalEndpoint).Port.ToString();
        Assert.Contains(port, await RefuseAsync("dev", "--smp-port", port));
    }

    [Fact]
    public async Task A_store_in_use_is_named()
    {
        await using RouterProgram router = RouterProgram.Start(_folder.Path, ["dev", "--smp-port", "0"]);
        await AddressAsync(router);
        Assert.Contains("in use", await RefuseAsync("dev", "--smp-port", "0"));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_named()
    {
        // A file where the folder should be stops root as well.
        File.WriteAllText(_folder.Of("file"), "");
        Assert.Contains(_folder.Of("file"), await RefuseAsync("dev", "--smp-port", "0", "--data", "file"));
    }

    [Theory, Spec("O-085", "O-086", "O-088")]
    [InlineData("ca.crt", "")]
    [InlineData("server.crt", "")]
    [InlineData("server.key", null)]
    [InlineData("fingerprint", "wrong\n")]
    public async Task An_identity_that_does_not_fit_together_is_refused(string file, string? content)
    {
        await RouterProgram.RunAsync(_folder.Path, ["init", "--host", "a.example"]);
        string path = _folder.Of("identity", file);
        if (content is null)
        {
            File.Delete(path);
        }
        else
        {
            File.WriteAllText(path, content);
        }

        Assert.Contains(_folder.Of("identity"), await RefuseAsync("start", "--smp-port", "0"));
    }

    private static async Task<string> AddressAsync(RouterProgram router)
    {
        string address = await router.ReadLineAsync() ?? throw new InvalidOperationException(await router.ErrorsAsync());
        Assert.Matches(@"^smp://[A-Za-z0-9_-]{43}=@[^:]+:\d+$", address);
        return address;
    }

    private static int PortOf(string address) => int.Parse(address[(address.LastIndexOf(':') + 1)..]);

    private static string FingerprintOf(string text) => Fingerprint().Match(text).Value;

    private async Task<string> RunOnceAsync(params string[] arguments)
    {
        await using RouterProgram router = RouterProgram.Start(_folder.Path, arguments);
        string address = await AddressAsync(router);
        router.Signal(RouterProgram.Sigterm);
        Assert.Equal(0, await router.ExitAsync());
        return address;
    }

    private async Task<string> RefuseAsync(params string[] arguments)
    {
        (int exitCode, string output, string errors) = await RouterProgram.RunAsync(_folder.Path, arguments);
        Assert.Equal((1, ""), (exitCode, output));
        return Assert.Single(errors.TrimEnd('\n').Split('\n'), line => line.StartsWith("simplex-router: "));
    }

    [GeneratedRegex("[A-Za-z0-9_-]{43}=")]
    private static partial Regex Fingerprint();
}
