using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Crypto.Certificates;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Protocol.Tests.Certificates;

/// <summary>What init and cert write, judged by the openssl program.</summary>
public sealed class CredentialFilesTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(KeyAlgorithm.Ed25519, "ED25519")]
    [InlineData(KeyAlgorithm.Ed448, "ED448")]
    [Spec("S-066", "O-080", "O-081")]
    public async Task Certificates_are_those_of_existing_routers(KeyAlgorithm algorithm, string name)
    {
        using var credentials = new TestCredentials(algorithm);
        Assert.Contains("server.crt: OK", await RunAsync(credentials, "verify -check_ss_sig -CAfile ca.crt server.crt"), StringComparison.Ordinal);
        Assert.Contains("server.crt: OK", await RunAsync(credentials, "verify -purpose sslserver -CAfile ca.crt server.crt"), StringComparison.Ordinal);

        string authority = await RunAsync(credentials, "x509 -in ca.crt -noout -text -certopt ext_parse");
        Assert.Contains($"Signature Algorithm: {name}", authority, StringComparison.Ordinal);
        Assert.Contains("Issuer: CN = SMP server CA, O = SimpleX", authority, StringComparison.Ordinal);
        Assert.Contains("Subject: CN = SMP server CA, O = SimpleX", authority, StringComparison.Ordinal);
        Assert.Matches($@"Not After : \w+ +\d+ [\d:]+ {TimeProvider.System.GetUtcNow().AddDays(999_999).Year} GMT", authority);
        Assert.Matches(@"Subject Key Identifier: \s+[\s\S]+Authority Key Identifier: \s+[\s\S]+Basic Constraints: critical\s+CA:TRUE", authority);

        string leaf = await RunAsync(credentials, "x509 -in server.crt -noout -text");
        Assert.Contains("Issuer: CN = SMP server CA, O = SimpleX", leaf, StringComparison.Ordinal);
        Assert.Contains("Subject: CN = localhost\n", leaf, StringComparison.Ordinal);
        Assert.Matches(@"Basic Constraints: \s+CA:FALSE\s+X509v3 Key Usage: \s+Digital Signature, Non Repudiation, Key Agreement\s+X509v3 Extended Key Usage: \s+TLS Web Server Authentication", leaf);
        Assert.DoesNotContain("Alternative Name", leaf, StringComparison.Ordinal);
        Assert.Matches(@"Serial Number:\s+([0-9a-f]{2}:){19}[0-9a-f]{2}\s", leaf);
    }

    [Theory]
    [InlineData(KeyAlgorithm.Ed25519)]
    [InlineData(KeyAlgorithm.Ed448)]
    [Spec("O-080", "O-081")]
    public async Task The_encoding_is_the_one_that_openssl_gives_the_same_content(KeyAlgorithm algorithm)
    {
        using var credentials = new TestCredentials(algorithm);
        await File.WriteAllTextAsync(credentials.PathOf("s.conf"), """
            [req]
            distinguished_name = dn
            prompt = no
            [dn]
            CN = localhost
            [v3]
            basicConstraints = CA:FALSE
            keyUsage = digitalSignature, nonRepudiation, keyAgreement
            extendedKeyUsage = serverAuth
            """, Cancellation);
        await RunAsync(credentials, "req -new -config s.conf -reqexts v3 -key server.key -out s.csr");

        // A serial number that openssl draws is shorter than 20 bytes now and then, and lengths are compared.
        await RunAsync(credentials, $"x509 -req -days 999999 -extfile s.conf -extensions v3 -in s.csr -CA ca.crt -CAkey ca.key -set_serial 0x40{new string('0', 38)} -out theirs.crt");

        Assert.Equal(await ShapeAsync("theirs.crt"), await ShapeAsync("server.crt"));

        // Everything but the serial number, the start of validity and the signature.
        async Task<string> ShapeAsync(string file) => string.Join('\n', (await RunAsync(credentials, $"asn1parse -in {file}"))
            .Split('\n').Where(line => !line.Contains("UTCTIME", StringComparison.Ordinal) && !line.Contains("GENERALIZEDTIME", StringComparison.Ordinal) && !line.Contains("INTEGER", StringComparison.Ordinal)));
    }

    [Fact]
    [Spec("O-082", "O-084", "S-063", "S-459")]
    public async Task Files_have_the_formats_and_modes_that_operators_know()
    {
        using var credentials = new TestCredentials();
        Assert.StartsWith("-----BEGIN PRIVATE KEY-----\n", await File.ReadAllTextAsync(credentials.PathOf("ca.key"), Cancellation), StringComparison.Ordinal);
        Assert.Contains("ED25519 Private-Key", await RunAsync(credentials, "pkey -in server.key -noout -text"), StringComparison.Ordinal);
        Assert.Equal("-rw-------", ModeOf("ca.key"));
        Assert.Equal("-rw-------", ModeOf("server.key"));
        Assert.Equal("-rw-r--r--", ModeOf("ca.crt"));
        Assert.Equal("-rw-r--r--", ModeOf("server.crt"));

        string fingerprint = (await RunAsync(credentials, "x509 -in ca.crt -noout -fingerprint -sha256")).Split('=')[1].Trim().Replace(":", "", StringComparison.Ordinal);
        Assert.Equal(Convert.FromHexString(fingerprint), credentials.Router.Identity);
        Assert.Equal(credentials.Router.FingerprintText + "\n", await File.ReadAllTextAsync(credentials.PathOf("fingerprint"), Cancellation));
        Assert.Equal(44, credentials.Router.FingerprintText.Length);

        string ModeOf(string file) => File.GetUnixFileMode(credentials.PathOf(file)) switch
        {
            UnixFileMode.UserRead | UnixFileMode.UserWrite => "-rw-------",
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead => "-rw-r--r--",
            var other => other.ToString(),
        };
    }

    [Fact]
    [Spec("O-036", "O-084", "S-066")]
    public async Task A_new_leaf_keeps_the_identity_and_what_is_not_said()
    {
        using var credentials = new TestCredentials(KeyAlgorithm.Ed448);
        byte[] before = await File.ReadAllBytesAsync(credentials.PathOf("server.crt"), Cancellation);
        CredentialFiles.RenewLeaf(credentials.Folder, algorithm: null, commonName: null, TimeProvider.System);
        Assert.NotEqual(before, await File.ReadAllBytesAsync(credentials.PathOf("server.crt"), Cancellation));
        using (RouterCredentials renewed = RouterCredentials.Load(credentials.Folder, TimeProvider.System))
        {
            Assert.Equal(credentials.Router.Identity, renewed.Identity);
            Assert.Equal(KeyAlgorithm.Ed448, renewed.SigningKey.Algorithm);
        }

        CredentialFiles.RenewLeaf(credentials.Folder, KeyAlgorithm.Ed25519, "smp.example.org", TimeProvider.System);
        using RouterCredentials changed = RouterCredentials.Load(credentials.Folder, TimeProvider.System);
        Assert.Equal(credentials.Router.Identity, changed.Identity);
        Assert.Equal(KeyAlgorithm.Ed25519, changed.SigningKey.Algorithm);
        Assert.Contains("CN = smp.example.org", await RunAsync(credentials, "x509 -in server.crt -noout -subject"), StringComparison.Ordinal);
    }

    [Fact]
    [Spec("O-036")]
    public void A_leaf_cannot_be_renewed_without_what_it_needs()
    {
        using var credentials = new TestCredentials();
        using var other = new TestCredentials();
        File.Copy(other.PathOf("ca.key"), credentials.PathOf("ca.key"), overwrite: true);
        Assert.Equal("ca.key does not belong to ca.crt", RenewFailure());
        File.Delete(credentials.PathOf("ca.key"));
        Assert.StartsWith("ca.key cannot be read", RenewFailure(), StringComparison.Ordinal);
        File.AppendAllText(credentials.PathOf("server.crt"), File.ReadAllText(credentials.PathOf("ca.crt")));
        Assert.StartsWith("Too many certificates at ", RenewFailure(), StringComparison.Ordinal);
        File.Delete(credentials.PathOf("server.crt"));
        Assert.StartsWith("No certificate found at ", RenewFailure(), StringComparison.Ordinal);

        string RenewFailure() => Assert.Throws<CredentialException>(
            () => CredentialFiles.RenewLeaf(credentials.Folder, algorithm: null, commonName: null, TimeProvider.System)).Message;
    }

    [Fact]
    public void An_identity_is_never_replaced()
    {
        using var credentials = new TestCredentials();
        Assert.Throws<CredentialException>(() => CredentialFiles.Create(credentials.Folder, KeyAlgorithm.Ed25519, "localhost", TimeProvider.System));
    }

    private static async Task<string> RunAsync(TestCredentials credentials, string arguments)
    {
        (int exitCode, string output) = await OpenSslProgram.RunAsync(arguments, credentials.Folder, Cancellation);
        Assert.True(exitCode == 0, output);
        return output;
    }
}
