using System.Net;
using System.Net.Security;
using SimplexActors.Protocol.Crypto.Certificates;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Nodes.Tests.Tls;

/// <summary>One port for browsers, which name the server, and clients of the protocol, which do not (S-054).</summary>
public sealed class WebOnTheSamePortTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("rsa:4096", "1.1")]
    [InlineData("rsa:4096", "2.0")]
    [InlineData("ec -pkeyopt ec_paramgen_curve:P-521", "2.0")]
    [Spec("S-046", "S-054")]
    public async Task A_server_name_leads_to_the_web_server(string newKey, string version)
    {
        using TlsCredential web = await CreateWebAsync(newKey);
        await using TestEdge edge = await TestEdge.StartAsync(web: web);
        byte[]? presented = null;
        using var handler = new SocketsHttpHandler();
        handler.SslOptions = new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            RemoteCertificateValidationCallback = (_, certificate, _, _) =>
            {
                presented = certificate!.GetRawCertData();
                return presented.AsSpan().SequenceEqual(web.Chain[0]);
            },
        };
        using var client = new HttpClient(handler);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"https://localhost:{edge.Port}/")
        {
            Version = Version.Parse(version),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using HttpResponseMessage response = await client.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(Version.Parse(version), response.Version);
        Assert.Equal("hello from the web", await response.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal(web.Chain[0], presented);
        Assert.False(edge.Served.Task.IsCompleted);
    }

    [Fact]
    [Spec("S-046", "S-053", "S-054")]
    public async Task Without_a_server_name_the_protocol_is_served()
    {
        using TlsCredential web = await CreateWebAsync("rsa:4096");
        await using TestEdge edge = await TestEdge.StartAsync(web: web);
        using OpenSslProcess client = OpenSslProgram.Start(
            $"s_client -connect 127.0.0.1:{edge.Port} -noservername -alpn http/1.1 -CAfile {edge.Credentials.PathOf("ca.crt")} -verify_return_error");
        await client.WriteLineAsync("still the protocol");
        await client.WaitForLineAsync("still the protocol", Cancellation);
        client.CloseInput();
        (int exitCode, string output) = await client.FinishAsync(Cancellation);
        Assert.True(exitCode == 0, output);
        Assert.Equal(32, (await edge.Served.Task).SessionId.Length);
        Assert.Equal("http/1.1", (await edge.Served.Task).ApplicationProtocol);
    }

    private static async Task<TlsCredential> CreateWebAsync(string newKey)
    {
        string folder = Directory.CreateTempSubdirectory("simplex-web").FullName;
        try
        {
            (int exitCode, string output) = await OpenSslProgram.RunAsync(
                $"req -x509 -newkey {newKey} -nodes -keyout web.key -out web.crt -days 9 -subj /CN=localhost", folder, Cancellation);
            Assert.True(exitCode == 0, output);
            return new TlsCredential(
                Certificate.ReadPem(await File.ReadAllTextAsync(Path.Combine(folder, "web.crt"), Cancellation)),
                CertificateKey.TryReadPem(await File.ReadAllTextAsync(Path.Combine(folder, "web.key"), Cancellation))!);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
