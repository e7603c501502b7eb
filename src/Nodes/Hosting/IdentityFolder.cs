using System.Security.Cryptography;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Crypto.Certificates;

namespace SimplexActors.Nodes.Hosting;

/// <summary>
/// The folder with the router's identity. The identity is the certificate authority in ca.crt: its SHA-256 is
/// the fingerprint in the address, so it must never change (O-084). What clients see in TLS is server.crt,
/// issued by the authority and renewed at will. Every refusal is one line for the operator.
/// </summary>
internal static class IdentityFolder
{
    private const int SuffixBytes = 4;

    /// <summary>True when any file of an identity is in the folder.</summary>
    public static bool HasAny(string folder) =>
        new[] { CredentialFiles.AuthorityCertificate, CredentialFiles.AuthorityKey, CredentialFiles.LeafCertificate, CredentialFiles.LeafKey }
            .Any(name => File.Exists(Path.Combine(folder, name)));

    /// <summary>True while the authority's key lies beside the online one.</summary>
    public static bool AuthorityKeyIsPresent(string folder) => File.Exists(Path.Combine(folder, CredentialFiles.AuthorityKey));

    /// <summary>
    /// Makes an identity. The folder appears with all its files or not at all, whenever the process dies; a folder
    /// that is there already keeps everything in it.
    /// </summary>
    /// <exception cref="StartException">An identity is there, or the folder cannot be written.</exception>
    public static void Create(string folder, KeyAlgorithm algorithm, string commonName) => Explain(folder, () =>
    {
        if (HasAny(folder))
        {
            throw new StartException($"{folder} holds an identity: nothing was changed");
        }

        if (Directory.Exists(folder))
        {
            CredentialFiles.Create(folder, algorithm, commonName, TimeProvider.System);
            return;
        }

        string aside = $"{folder}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SuffixBytes))}";
        CreatePrivate(aside);
        CredentialFiles.Create(aside, algorithm, commonName, TimeProvider.System);
        Directory.Move(aside, folder);
    });

    /// <summary>Issues a new online certificate; what is null is taken from the present one (O-036).</summary>
    /// <exception cref="StartException">A file is missing, invalid or cannot be written.</exception>
    public static void Renew(string folder, KeyAlgorithm? algorithm, string? commonName) =>
        Explain(folder, () => CredentialFiles.RenewLeaf(folder, algorithm, commonName, TimeProvider.System));

    /// <summary>Makes a self-signed certificate for browsers beside the identity, unless there is a good one.</summary>
    /// <returns>Full paths of the certificate and its key.</returns>
    /// <exception cref="StartException">The folder cannot be written.</exception>
    public static (string Certificate, string Key) EnsureWebCertificate(string folder, IReadOnlyList<string> hosts)
    {
        Explain(folder, () => WebCertificate.Ensure(folder, hosts, TimeProvider.System));
        return (Path.Combine(folder, WebCertificate.CertificateFile), Path.Combine(folder, WebCertificate.KeyFile));
    }

    /// <summary>Loads what the router shows to clients.</summary>
    /// <exception cref="StartException">A file is missing, invalid or does not fit the others.</exception>
    public static RouterCredentials Load(string folder)
    {
        RouterCredentials? credentials = null;
        Explain(folder, () => credentials = RouterCredentials.Load(folder, TimeProvider.System));
        return credentials ?? throw new InvalidOperationException("Credentials were neither loaded nor refused.");
    }

    private static void CreatePrivate(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static void Explain(string folder, Action work)
    {
        try
        {
            work();
        }
        catch (CredentialException e)
        {
            throw new StartException($"identity in {folder}: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"identity in {folder}: {e.Message}", e);
        }
    }
}
