using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Crypto.Certificates;

namespace SimplexActors.Testing;

/// <summary>A folder with a new router's credentials, removed at the end.</summary>
public sealed class TestCredentials : IDisposable
{
    public TestCredentials(KeyAlgorithm algorithm = KeyAlgorithm.Ed25519)
    {
        Folder = Directory.CreateTempSubdirectory("simplex-tls").FullName;
        CredentialFiles.Create(Folder, algorithm, "localhost", TimeProvider.System);
        Router = RouterCredentials.Load(Folder, TimeProvider.System);
    }

    public string Folder { get; }

    public RouterCredentials Router { get; }

    public string PathOf(string file) => Path.Combine(Folder, file);

    public void Dispose()
    {
        Router.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
