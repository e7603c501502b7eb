using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using SimplexActors.Client;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Transport;
using SimplexActors.Protocol.Transport.Tls;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Nodes.Tests.Web;

/// <summary>The real program serves browsers and clients of the protocol on one port.</summary>
public sealed class SharedPortTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact, Spec("S-053", "S-054", "S-446", "O-225")]
    public async Task Browsers_get_pages_and_clients_of_the_protocol_queues()
    {
        await using WebRouter router = await WebRouter.StartAsync();
        using HttpResponseMessage page = await router.GetAsync("/");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Equal(HttpVersion.Version20, page.Version);

        // The library verifies that the router shows the certificate chain of its address, and names no server.
        await using SmpClient client = await SmpClient.ConnectAsync(router.Address, cancellation: Cancellation);
        using RecipientQueue queue = await client.CreateQueueAsync();
        await client.SendAsync(new SenderQueue(queue.SenderId), "hello"u8.ToArray());
    }

    [Theory]
    [InlineData("smp/1")]
    [InlineData("http/1.1")]
    [InlineData("h2")]
    [Spec("S-053", "S-054")]
    public async Task Without_a_server_name_the_protocol_answers_whatever_was_negotiated(string protocol)
    {
        await using WebRouter router = await WebRouter.StartAsync();
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync("localhost", router.Address.Port!.Value, Cancellation);
        using var context = TlsContext.ForClient(new TlsClientOptions { Protocols = [protocol] });
        await using TlsStream stream = await TlsStream.ConnectAsync(
            context, new NetworkStream(socket, ownsSocket: true), router.Address.Fingerprint.ToArray(), Cancellation);

        // The router speaks first: a block with the range of versions. A web server would wait.
        byte[] block = new byte[Block.Length];
        await stream.ReadExactlyAsync(block, Cancellation);
        Assert.Equal((byte[])[0, 6, 0, (byte)SmpVersion.Current], block[2..6]);
    }

    [Theory]
    [InlineData("rsa:2048")]
    [InlineData("ec -pkeyopt ec_paramgen_curve:P-384")]
    [Spec("S-055", "O-148", "O-638")]
    public async Task The_configured_certificate_is_shown(string newKey)
    {
        (int exitCode, string output) = await OpenSslProgram.RunAsync(
            $"req -x509 -newkey {newKey} -nodes -keyout web.key -out web.crt -days 9 -subj /CN=configured", _folder.Path, Cancellation);
        Assert.True(exitCode == 0, output);
        (RouterProgram program, Protocol.Addresses.RouterAddress address) = await RouterProgram.StartDevAsync(
            _folder.Path, "--set", $"web.certificate={_folder.Of("web.crt")}", "--set", $"web.key={_folder.Of("web.key")}");
        await using RouterProgram running = program;
        string? shown = null;
        using var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, certificate, _, _) => (shown = ((X509Certificate2)certificate!).Subject) is not null,
            },
        };
        using var client = new HttpClient(handler);
        Assert.Contains("smp://", await client.GetStringAsync($"https://localhost:{address.Port}/", Cancellation));
        Assert.Equal("CN=configured", shown);
    }

    [Fact, Spec("O-226", "S-054")]
    public async Task Without_a_certificate_a_named_server_is_the_protocol()
    {
        Assert.Equal(0, (await RouterProgram.RunAsync(_folder.Path, ["init", "--host", "localhost", "--no-password"])).ExitCode);
        await using RouterProgram router = RouterProgram.Start(_folder.Path, ["start", "--smp-port", "0"]);
        var address = Protocol.Addresses.RouterAddress.Parse((await router.ReadLineAsync())!);
        using var client = new TcpClient();
        await client.ConnectAsync("localhost", address.Port!.Value, Cancellation);
        await using var stream = new SslStream(client.GetStream(), leaveInnerStreamOpen: false, (_, certificate, _, _) => certificate is not null);
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost" }, Cancellation);
        byte[] block = new byte[Block.Length];
        await stream.ReadExactlyAsync(block, Cancellation);

        // Nothing was negotiated, so there is one version (S-053).
        Assert.Equal((byte[])[0, 6, 0, 6], block[2..6]);
    }

    [Theory]
    [InlineData("web.port=8443", "web.port = 8443: must be one of smp.ports (5223), or 0 for the first of them")]
    [InlineData("web.key=", "web.certificate and web.key must be set together, or neither")]
    [InlineData("web.key=nowhere.key", "no HTTPS credentials: ")]
    [Spec("O-148", "O-226", "O-227")]
    public async Task A_mistake_in_the_section_stops_the_start_with_one_line(string setting, string problem)
    {
        string certificate = _folder.Of("web.crt");
        await File.WriteAllTextAsync(certificate, "", Cancellation);
        (int exitCode, string output, string errors) = await RouterProgram.RunAsync(
            _folder.Path, ["dev", "--set", $"web.certificate={certificate}", "--set", $"web.key={certificate}", "--set", setting]);
        Assert.Equal(1, exitCode);
        Assert.Equal("", output);
        Assert.Contains(problem, Assert.Single(errors.TrimEnd('\n').Split('\n'), line => line.StartsWith("simplex-router: ")));
    }
}
