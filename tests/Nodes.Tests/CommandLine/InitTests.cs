using SimplexActors.Nodes.Configuration;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Crypto.Certificates;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Nodes.Tests.CommandLine;

/// <summary><c>init</c> and <c>cert</c> of the real program.</summary>
public sealed class InitTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory, Spec("O-046")]
    [InlineData(null, KeyAlgorithm.Ed25519)]
    [InlineData("ed25519", KeyAlgorithm.Ed25519)]
    [InlineData("ED448", KeyAlgorithm.Ed448)]
    public async Task Init_makes_an_identity_of_the_chosen_algorithm(string? name, KeyAlgorithm algorithm)
    {
        await RunAsync(["init", "--host", "smp.example.com", .. name is null ? (string[])[] : ["--sign-algorithm", name]]);
        using RouterCredentials credentials = RouterCredentials.Load(_folder.Of("identity"), TimeProvider.System);
        Assert.Equal(algorithm, credentials.SigningKey.Algorithm);
        using Certificate? leaf = Certificate.TryRead(credentials.Credential.Chain[0]);
        Assert.Equal("smp.example.com", leaf?.ReadCommonName());
    }

    [Fact, Spec("O-049", "O-059")]
    public async Task Init_prints_the_address_with_a_random_password_and_warns_of_the_key()
    {
        (string output, string errors) = await RunAsync(["init", "--host", "a.example", "--host", "b.onion", "--smp-port", "5224,443"]);
        RouterConfig config = Config();
        using RouterCredentials credentials = RouterCredentials.Load(_folder.Of("identity"), TimeProvider.System);
        Assert.Matches("^[A-Za-z0-9_-]{43}$", config.Queues.CreatePassword);
        string[] lines = output.Split('\n');
        Assert.Equal($"smp://{credentials.FingerprintText}:{config.Queues.CreatePassword}@a.example,b.onion:5224", lines[0]);
        Assert.Equal($"fingerprint {credentials.FingerprintText}", lines[1]);
        Assert.Contains(_folder.Of("identity", "ca.key"), errors);
        Assert.Single(errors.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public async Task Init_writes_a_complete_private_configuration()
    {
        await RunAsync(["init", "--host", "a.example", "--no-password", "--config", "etc/r.conf", "--identity", "etc/id", "--data", "var"]);
        string text = File.ReadAllText(_folder.Of("etc", "r.conf"));
        Assert.Equal(File.ReadAllLines(Repository.PathOf("hocon", "single.conf")).Length, text.TrimEnd('\n').Split('\n').Length);
        Assert.Contains("\"folder\": \"id\"", text);
        RouterConfig config = Config("etc/r.conf");
        Assert.Null(config.Queues.CreatePassword);
        Assert.Equal(_folder.Of("var"), config.Store.Folder);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder.Of("etc", "r.conf")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder.Of("etc", "id", "ca.key")));
    }

    [Theory, Spec("O-032", "O-038")]
    [InlineData("simplex-router.conf", "simplex-router.conf exists: nothing was changed")]
    [InlineData("identity/ca.crt", "holds an identity: nothing was changed")]
    [InlineData("identity/ca.key", "holds an identity: nothing was changed")]
    [InlineData("identity/server.key", "holds an identity: nothing was changed")]
    public async Task Init_changes_nothing_where_something_is(string present, string text)
    {
        string file = _folder.Of(present);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, "mine");
        IReadOnlyList<string> before = _folder.Snapshot();
        (int exitCode, string output, string errors) = await RouterProgram.RunAsync(_folder.Path, ["init", "--host", "a"]);
        Assert.Equal((1, ""), (exitCode, output));
        Assert.Contains(text, Assert.Single(errors.TrimEnd('\n').Split('\n')));
        Assert.Equal(before, _folder.Snapshot());
    }

    [Fact]
    public async Task Init_keeps_other_files_of_the_identity_folder()
    {
        Directory.CreateDirectory(_folder.Of("identity"));
        File.WriteAllText(_folder.Of("identity", "notes.txt"), "mine");
        await RunAsync(["init", "--host", "a"]);
        Assert.Equal("mine", File.ReadAllText(_folder.Of("identity", "notes.txt")));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_named()
    {
        // A file where the folder should be stops root as well.
        File.WriteAllText(_folder.Of("file"), "");
        (int exitCode, _, string errors) = await RouterProgram.RunAsync(_folder.Path, ["init", "--host", "a", "--identity", "file/identity"]);
        Assert.Equal(1, exitCode);
        Assert.Contains(_folder.Of("file", "identity"), Assert.Single(errors.TrimEnd('\n').Split('\n')));
        Assert.False(File.Exists(_folder.Of("simplex-router.conf")));
    }

    [Fact, Spec("O-036", "O-084")]
    public async Task Cert_issues_another_certificate_under_the_same_identity()
    {
        await RunAsync(["init", "--host", "a.example"]);
        string authority = File.ReadAllText(_folder.Of("identity", "ca.crt"));
        string key = File.ReadAllText(_folder.Of("identity", "server.key"));
        (string output, _) = await RunAsync(["cert", "--sign-algorithm", "ed448"]);
        using RouterCredentials credentials = RouterCredentials.Load(_folder.Of("identity"), TimeProvider.System);
        using Certificate? leaf = Certificate.TryRead(credentials.Credential.Chain[0]);
        Assert.Contains($"fingerprint {credentials.FingerprintText}", output);
        Assert.Equal((KeyAlgorithm.Ed448, "a.example"), (leaf!.KeyAlgorithm!.Value, leaf.ReadCommonName()));
        Assert.NotEqual(key, File.ReadAllText(_folder.Of("identity", "server.key")));
        Assert.Equal(authority, File.ReadAllText(_folder.Of("identity", "ca.crt")));
    }

    [Fact, Spec("O-036")]
    public async Task Cert_without_the_offline_key_says_so_and_changes_nothing()
    {
        await RunAsync(["init", "--host", "a.example"]);
        File.Delete(_folder.Of("identity", "ca.key"));
        IReadOnlyList<string> before = _folder.Snapshot();
        (int exitCode, _, string errors) = await RouterProgram.RunAsync(_folder.Path, ["cert"]);
        Assert.Equal(1, exitCode);
        Assert.Contains("ca.key", Assert.Single(errors.TrimEnd('\n').Split('\n')));
        Assert.Equal(before, _folder.Snapshot());
    }

    private RouterConfig Config(string file = "simplex-router.conf") => ConfigLoader.Load(_folder.Of(file), new Dictionary<string, string>());

    private async Task<(string Output, string Errors)> RunAsync(string[] arguments)
    {
        (int exitCode, string output, string errors) = await RouterProgram.RunAsync(_folder.Path, arguments);
        Assert.True(exitCode == 0, errors);
        return (output, errors);
    }
}
