using System.Security.Cryptography;

namespace SimplexActors.Nodes.Hosting;

/// <summary>
/// The folder with the router's identity. The identity is the certificate authority in ca.crt: the SHA-256 of
/// its DER form is the fingerprint in the address, so it must never change (O-084). What clients see in TLS is
/// server.crt, issued by the authority and renewed at will.
/// </summary>
internal static partial class IdentityFolder
{
    /// <summary>The authority's certificate.</summary>
    public const string AuthorityFile = "ca.crt";

    /// <summary>The authority's key; needed to issue certificates only, never to run the router.</summary>
    public const string AuthorityKeyFile = "ca.key";

    /// <summary>The online certificate.</summary>
    public const string CertificateFile = "server.crt";

    /// <summary>The online key.</summary>
    public const string KeyFile = "server.key";

    /// <summary>True when any file of an identity is in the folder.</summary>
    public static bool HasAny(string folder) =>
        new[] { AuthorityFile, AuthorityKeyFile, CertificateFile, KeyFile }.Any(name => File.Exists(Path.Combine(folder, name)));

    /// <summary>True while the authority's key lies beside the online one.</summary>
    public static bool AuthorityKeyIsPresent(string folder) => File.Exists(Path.Combine(folder, AuthorityKeyFile));

    /// <summary>The fingerprint of the first certificate in ca.crt, base64url with padding (O-010).</summary>
    /// <exception cref="StartException">The file is missing or holds no certificate.</exception>
    public static string Fingerprint(string folder)
    {
        string pem = ReadFile(folder, AuthorityFile);
        if (!PemEncoding.TryFind(pem, out PemFields fields) || pem[fields.Label] != "CERTIFICATE")
        {
            throw new StartException($"{Path.Combine(folder, AuthorityFile)}: no certificate in it");
        }

        byte[] der = Convert.FromBase64String(pem[fields.Base64Data]);
        return Convert.ToBase64String(SHA256.HashData(der)).Replace('+', '-').Replace('/', '_');
    }

    private static string ReadFile(string folder, string name)
    {
        string path = Path.Combine(folder, name);
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new StartException($"{path}: no such file; 'simplex-router init' makes an identity", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"{path}: {e.Message}", e);
        }
    }
}
