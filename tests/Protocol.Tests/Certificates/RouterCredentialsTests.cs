using SimplexActors.Protocol.Crypto.Certificates;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Protocol.Tests.Certificates;

public sealed class RouterCredentialsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    [Spec("S-064", "S-065", "O-083")]
    public void A_router_needs_no_authority_key()
    {
        using var credentials = new TestCredentials();
        File.Delete(credentials.PathOf("ca.key"));
        using RouterCredentials loaded = RouterCredentials.Load(credentials.Folder, TimeProvider.System);
        Assert.Equal(2, loaded.Credential.Chain.Count);
        Assert.Equal(loaded.Identity, new CertificateChain(loaded.Credential.Chain).IdentityFingerprint());
        Assert.Equal(loaded.SigningKey.Public, new CertificateChain(loaded.Credential.Chain).TryReadLeafKey());
    }

    [Theory]
    [InlineData("ca.crt")]
    [InlineData("server.crt")]
    [InlineData("server.key")]
    [Spec("S-065", "O-086")]
    public void Missing_files_are_named(string file)
    {
        using var credentials = new TestCredentials();
        File.Delete(credentials.PathOf(file));
        Assert.Equal($"no SMP credentials: {credentials.PathOf(file)}", LoadFailure(credentials));
    }

    [Fact]
    [Spec("S-064", "O-085")]
    public void The_stored_fingerprint_must_be_that_of_the_identity()
    {
        using var credentials = new TestCredentials();
        File.WriteAllText(credentials.PathOf("fingerprint"), new string('A', 43) + "=\n");
        Assert.Equal("Stored fingerprint is invalid.", LoadFailure(credentials));
        File.WriteAllText(credentials.PathOf("fingerprint"), credentials.Router.FingerprintText + "\nmore\n");
        RouterCredentials.Load(credentials.Folder, TimeProvider.System).Dispose();
        File.Delete(credentials.PathOf("fingerprint"));
        Assert.StartsWith("no fingerprint file: ", LoadFailure(credentials), StringComparison.Ordinal);
    }

    [Fact]
    [Spec("O-088")]
    public void Files_that_do_not_fit_are_refused()
    {
        using var credentials = new TestCredentials();
        using var other = new TestCredentials();
        string key = File.ReadAllText(credentials.PathOf("server.key"));
        File.Copy(other.PathOf("server.key"), credentials.PathOf("server.key"), overwrite: true);
        Assert.Equal("invalid credential", LoadFailure(credentials));
        File.WriteAllText(credentials.PathOf("server.key"), "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
        Assert.Equal("invalid credential", LoadFailure(credentials));
        File.WriteAllText(credentials.PathOf("server.key"), "");
        Assert.Equal("invalid credential", LoadFailure(credentials));
        File.WriteAllText(credentials.PathOf("server.key"), key);

        // A leaf and key that fit each other, but that another authority issued.
        File.Copy(other.PathOf("server.key"), credentials.PathOf("server.key"), overwrite: true);
        File.Copy(other.PathOf("server.crt"), credentials.PathOf("server.crt"), overwrite: true);
        Assert.Equal("invalid credential", LoadFailure(credentials));
        File.WriteAllText(credentials.PathOf("ca.crt"), "nothing");
        Assert.Equal("invalid credential", LoadFailure(credentials));
    }

    [Theory]
    [InlineData("-newkey rsa:1024", false)]
    [InlineData("-newkey rsa:2048", true)]
    [InlineData("-newkey rsa:4096", true)]
    [InlineData("-newkey ec -pkeyopt ec_paramgen_curve:P-256", true)]
    [InlineData("-newkey ec -pkeyopt ec_paramgen_curve:P-384", true)]
    [InlineData("-newkey ed25519", false)]
    [Spec("S-055", "O-087", "O-638")]
    public async Task Web_credentials_have_keys_that_browsers_accept(string newKey, bool accepted)
    {
        using var credentials = new TestCredentials();
        (int exitCode, string output) = await OpenSslProgram.RunAsync(
            $"req -x509 {newKey} -nodes -keyout web.key -out web.crt -days 9 -subj /CN=localhost", credentials.Folder, Cancellation);
        Assert.True(exitCode == 0, output);
        TlsCredential Load() => RouterCredentials.LoadWeb(credentials.PathOf("web.crt"), credentials.PathOf("web.key"));
        if (accepted)
        {
            using TlsCredential web = Load();
            Assert.Single(web.Chain);
        }
        else
        {
            Assert.Equal("the web certificate must have an RSA key of at least 2048 bits or an ECDSA key of at least 256 bits", Assert.Throws<CredentialException>(Load).Message);
        }
    }

    private static string LoadFailure(TestCredentials credentials) =>
        Assert.Throws<CredentialException>(() => RouterCredentials.Load(credentials.Folder, TimeProvider.System)).Message;
}
