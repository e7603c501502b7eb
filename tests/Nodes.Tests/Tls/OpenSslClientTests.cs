using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Transport.Tls;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Nodes.Tests.Tls;

/// <summary>The edge against openssl s_client.</summary>
public sealed class OpenSslClientTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(KeyAlgorithm.Ed25519, "-tls1_3", "TLS_CHACHA20_POLY1305_SHA256", 32)]
    [InlineData(KeyAlgorithm.Ed448, "-tls1_3", "TLS_CHACHA20_POLY1305_SHA256", 32)]
    [InlineData(KeyAlgorithm.Ed25519, "-tls1_2", "ECDHE-ECDSA-CHACHA20-POLY1305", 12)]
    [InlineData(KeyAlgorithm.Ed448, "-tls1_2", "ECDHE-ECDSA-CHACHA20-POLY1305", 12)]
    [Spec("S-042", "S-043", "S-045", "S-047", "S-049", "S-056", "S-059", "S-064", "S-460", "S-507")]
    public async Task Both_versions_and_algorithms_work(KeyAlgorithm algorithm, string version, string cipher, int idBytes)
    {
        await using TestEdge edge = await TestEdge.StartAsync(algorithm);
        string output = await EchoAsync(edge, $"{version} -alpn smp/1 -CAfile {edge.Credentials.PathOf("ca.crt")} -verify_return_error");
        Assert.Contains("Verify return code: 0 (ok)", output, StringComparison.Ordinal);
        Assert.Contains($"Cipher is {cipher}", output, StringComparison.Ordinal);
        Assert.Contains("ALPN protocol: smp/1", output, StringComparison.Ordinal);
        Assert.Contains("Compression: NONE", output, StringComparison.Ordinal);
        Assert.Contains("Requested Signature Algorithms", output, StringComparison.Ordinal);
        Assert.Equal(idBytes, (await edge.Served.Task).SessionId.Length);
    }

    [Theory]
    [InlineData("-tls1_1")]
    [InlineData("-tls1_3 -ciphersuites TLS_AES_256_GCM_SHA384")]
    [InlineData("-tls1_2 -cipher ECDHE-ECDSA-AES256-GCM-SHA384")]
    [InlineData("-tls1_3 -groups P-256")]
    [InlineData("-tls1_3 -sigalgs ECDSA+SHA256")]
    [Spec("S-042", "S-043", "S-044", "S-045")]
    public async Task Nothing_else_is_negotiated(string parameters)
    {
        await using TestEdge edge = await TestEdge.StartAsync();
        (int exitCode, string output) = await OpenSslProgram.RunAsync($"s_client -connect 127.0.0.1:{edge.Port} {parameters}", folder: null, Cancellation);
        Assert.NotEqual(0, exitCode);
        Assert.Matches("alert|no protocols available|no ciphers", output);
    }

    [Theory]
    [InlineData("X448")]
    [InlineData("X25519")]
    [Spec("S-044", "S-460")]
    public async Task Both_groups_work(string group)
    {
        await using TestEdge edge = await TestEdge.StartAsync();
        Assert.Contains($"Server Temp Key: {group}", await EchoAsync(edge, $"-groups {group}"), StringComparison.Ordinal);
    }

    [Fact]
    [Spec("S-044")]
    public async Task X448_is_preferred_where_the_server_chooses()
    {
        await using TestEdge edge = await TestEdge.StartAsync();
        Assert.Contains("Server Temp Key: X448", await EchoAsync(edge, "-tls1_2 -groups X25519:X448"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-alpn h2,smp/1", "h2")]
    [InlineData("-alpn unknown/9,http/1.1,smp/1", "http/1.1")]
    [InlineData("", null)]
    [Spec("S-051", "S-052", "S-053", "S-508")]
    public async Task The_first_known_protocol_of_the_client_is_chosen(string parameters, string? chosen)
    {
        await using TestEdge edge = await TestEdge.StartAsync();
        await EchoAsync(edge, $"{parameters} -tls1_3".Trim());
        Assert.Equal(chosen, (await edge.Served.Task).ApplicationProtocol);
    }

    [Theory]
    [InlineData("-tls1_3")]
    [InlineData("-tls1_2")]
    [Spec("S-052", "S-508")]
    public async Task Only_unknown_protocols_end_with_alert_120(string version)
    {
        await using TestEdge edge = await TestEdge.StartAsync();
        (int exitCode, string output) = await OpenSslProgram.RunAsync($"s_client -connect 127.0.0.1:{edge.Port} {version} -alpn smp/9,xftp/1", folder: null, Cancellation);
        Assert.NotEqual(0, exitCode);
        Assert.Contains("SSL alert number 120", output, StringComparison.Ordinal);
    }

    [Fact]
    [Spec("S-054")]
    public async Task A_server_name_is_ignored_without_a_web_credential()
    {
        await using TestEdge edge = await TestEdge.StartAsync();
        await EchoAsync(edge, "-servername localhost");
        Assert.False((await edge.Served.Task).ServerNameUsed);
    }

    [Theory]
    [InlineData("-tls1_3")]
    [InlineData("-tls1_2")]
    [Spec("S-048", "S-506")]
    public async Task Nothing_is_resumed(string version)
    {
        await using TestEdge edge = await TestEdge.StartAsync();
        (_, string output) = await OpenSslProgram.RunAsync($"s_client -connect 127.0.0.1:{edge.Port} {version} -reconnect -no_ign_eof", folder: null, Cancellation);
        Assert.Equal(6, output.Split("\nNew, ").Length - 1);
        Assert.DoesNotContain("Reused", output, StringComparison.Ordinal);
        Assert.DoesNotContain("session ticket", output, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("-tls1_3", KeyAlgorithm.Ed448)]
    [InlineData("-tls1_2", KeyAlgorithm.Ed25519)]
    [Spec("S-056", "S-057")]
    public async Task A_client_certificate_is_passed_on(string version, KeyAlgorithm algorithm)
    {
        await using TestEdge edge = await TestEdge.StartAsync();
        using var client = new TestCredentials(algorithm);
        await EchoAsync(edge, $"{version} -cert {client.PathOf("server.crt")} -key {client.PathOf("server.key")} -cert_chain {client.PathOf("ca.crt")}");
        TlsStream served = await edge.Served.Task;
        Assert.Equal(client.Router.Credential.Chain, served.PeerChain);
    }

    [Theory]
    [InlineData("ExtendedMasterSecret", "yes")]
    [InlineData("-ExtendedMasterSecret", "no")]
    [Spec("S-050")]
    public async Task The_extended_master_secret_of_TLS_1_2_is_used_but_not_required(string option, string used)
    {
        await using TestEdge edge = await TestEdge.StartAsync();
        string configuration = edge.Credentials.PathOf("client.conf");
        await File.WriteAllTextAsync(
            configuration, $"openssl_conf = all\n[all]\nssl_conf = tls\n[tls]\nsystem_default = client\n[client]\nOptions = {option}\n", Cancellation);
        string output = await EchoAsync(edge, "-tls1_2", configuration);
        Assert.Contains($"Extended master secret: {used}", output, StringComparison.Ordinal);
    }

    /// <summary>Says hello and waits for the echo; returns what openssl told about the session.</summary>
    private static async Task<string> EchoAsync(TestEdge edge, string parameters, string? configuration = null)
    {
        using OpenSslProcess client = OpenSslProgram.Start($"s_client -connect 127.0.0.1:{edge.Port} {parameters}", folder: null, configuration);
        await client.WriteLineAsync("hello through TLS");
        await client.WaitForLineAsync("hello through TLS", Cancellation);
        client.CloseInput();
        (int exitCode, string output) = await client.FinishAsync(Cancellation);
        Assert.True(exitCode == 0, output);
        return output;
    }
}
