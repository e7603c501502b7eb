using SimplexActors.Actors.Cluster.Links;
using SimplexActors.Protocol.Crypto.Certificates;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Actors.Tests.Cluster.Links;

/// <summary>The certificate files of the cluster.</summary>
public sealed class CredentialTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public CredentialTests()
    {
        ClusterCertificates.CreateAuthority(_folder.Path, TimeProvider.System);
        ClusterCertificates.CreateNode(_folder.Path, "alpha", TimeProvider.System);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Keys_are_for_their_owner_only_and_nothing_is_left_over()
    {
        Assert.Equal(["alpha.crt", "alpha.key", "ca.crt", "ca.key"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order());
        Assert.All(["alpha.key", "ca.key"], file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder.Of(file))));
        LinkCredentials credentials = Load();
        Assert.Equal("alpha", credentials.Name);
        Assert.InRange(credentials.Until, TimeProvider.System.GetUtcNow().AddYears(2).AddDays(-1), TimeProvider.System.GetUtcNow().AddYears(2));
    }

    [Fact]
    public void A_certificate_that_ends_soon_is_told_every_day_until_it_is_renewed()
    {
        var log = new LinkLogger();
        var time = new ManualTimeProvider();
        time.Advance(TimeProvider.System.GetUtcNow() - time.GetUtcNow());
        using var watch = new CertificateWatch(new LinkCredentials(_folder.Of("ca.crt"), _folder.Of("alpha.crt"), _folder.Of("alpha.key"), time), time, log);
        time.Advance(TimeSpan.FromDays(690));
        Assert.Empty(log.Of(3043));
        time.Advance(TimeSpan.FromDays(20));
        int told = log.Of(3043).Count();
        Assert.InRange(told, 8, 11);
        ClusterCertificates.CreateNode(_folder.Path, "alpha", time, replaces: true);
        time.Advance(TimeSpan.FromDays(100));
        Assert.Equal(told, log.Of(3043).Count());
    }

    [Fact]
    public async Task OpenSSL_accepts_the_chain()
    {
        (int exitCode, string output) = await OpenSslProgram.RunAsync("verify -x509_strict -purpose sslserver -CAfile ca.crt alpha.crt", _folder.Path, default);
        Assert.True(exitCode == 0, output);
    }

    [Fact]
    public void Nothing_that_exists_is_replaced()
    {
        IReadOnlyList<string> before = _folder.Snapshot();
        Assert.Contains("exists", Assert.Throws<CredentialException>(() => ClusterCertificates.CreateAuthority(_folder.Path, TimeProvider.System)).Message);
        Assert.Contains("exists", Assert.Throws<CredentialException>(() => ClusterCertificates.CreateNode(_folder.Path, "alpha", TimeProvider.System)).Message);
        Assert.Equal(before, _folder.Snapshot());
        ClusterCertificates.CreateNode(_folder.Path, "alpha", TimeProvider.System, replaces: true);
        Assert.NotEqual(before, _folder.Snapshot());
        Assert.Equal("alpha", Load().Name);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ca")]
    [InlineData("CA")]
    [InlineData("../x")]
    [InlineData(".x")]
    [InlineData("a b")]
    [InlineData("1234567890123456789012345678901234567890123456789012345678901234")]
    public void Names_are_names_of_files(string name) =>
        Assert.Throws<CredentialException>(() => ClusterCertificates.CreateNode(_folder.Path, name, TimeProvider.System));

    [Theory]
    [InlineData("alpha.key", null, "alpha.key cannot be read: there is no such file")]
    [InlineData("alpha.crt", "nonsense", "are not a PEM certificate and its key")]
    [InlineData("alpha.key", "nonsense", "are not a PEM certificate and its key")]
    [InlineData("ca.crt", "nonsense", "ca.crt holds no certificate")]
    [InlineData("ca.crt", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "ca.crt is no PEM certificate")]
    [InlineData("alpha.key", "ca.key", "are not a PEM certificate and its key")]
    [InlineData("ca.crt", "alpha.crt", "was not made with the key of")]
    public void What_cannot_be_used_is_named_in_one_line(string file, string? content, string problem)
    {
        File.Delete(_folder.Of(file));
        if (content is not null)
        {
            File.WriteAllText(_folder.Of(file), File.Exists(_folder.Of(content)) ? File.ReadAllText(_folder.Of(content)) : content);
        }

        string message = Assert.Throws<CredentialException>(Load).Message;
        Assert.Contains(problem, message);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void A_renewed_certificate_is_used_without_a_restart_and_a_bad_one_is_not()
    {
        var log = new LinkLogger();
        LinkCredentials credentials = Load();
        LoadedCredentials first = credentials.Current(log);
        Assert.Same(first, credentials.Current(log));
        string good = File.ReadAllText(_folder.Of("alpha.crt"));
        File.WriteAllText(_folder.Of("alpha.crt"), "broken");
        Assert.Same(first, credentials.Current(log));
        Assert.Same(first, credentials.Current(log));
        Assert.Contains("alpha.crt", Assert.Single(log.Of(3038)));
        File.WriteAllText(_folder.Of("alpha.crt"), good);
        ClusterCertificates.CreateNode(_folder.Path, "alpha", TimeProvider.System, replaces: true);
        LoadedCredentials renewed = credentials.Current(log);
        Assert.NotSame(first, renewed);
        Assert.NotEqual(first.Context.TargetCertificate.SerialNumber, renewed.Context.TargetCertificate.SerialNumber);
        Assert.Single(log.Of(3039));
    }

    private LinkCredentials Load() => new(_folder.Of("ca.crt"), _folder.Of("alpha.crt"), _folder.Of("alpha.key"), TimeProvider.System);
}
