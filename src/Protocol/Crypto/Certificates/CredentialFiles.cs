using System.Buffers.Text;
using System.Security.Cryptography;

namespace SimplexActors.Protocol.Crypto.Certificates;

/// <summary>
/// The credential files in a router's configuration folder, named and formatted as the operators of existing
/// routers know them (O-080..O-084): writes them for a new router and replaces the online pair.
/// </summary>
public static class CredentialFiles
{
    /// <summary>Private key of the identity; not needed to run, better kept elsewhere (S-065).</summary>
    public const string AuthorityKey = "ca.key";

    /// <summary>Identity certificate: its fingerprint is the router's address.</summary>
    public const string AuthorityCertificate = "ca.crt";

    /// <summary>Private key of the online certificate.</summary>
    public const string LeafKey = "server.key";

    /// <summary>Online certificate, signed by the identity.</summary>
    public const string LeafCertificate = "server.crt";

    /// <summary>The address' fingerprint, base64url with padding, one line.</summary>
    public const string Fingerprint = "fingerprint";

    internal const UnixFileMode SecretMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    internal const UnixFileMode PublicMode = SecretMode | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Makes a new identity with its first online certificate. Refuses to replace an existing one.</summary>
    /// <param name="folder">Existing configuration folder.</param>
    /// <param name="algorithm">Ed25519 or Ed448, for both certificates.</param>
    /// <param name="commonName">Host name or address of the router, 1 to 64 characters.</param>
    /// <param name="time">Source of the start of validity.</param>
    /// <exception cref="CredentialException">There is an identity already.</exception>
    public static void Create(string folder, KeyAlgorithm algorithm, string commonName, TimeProvider time)
    {
        foreach (string file in (ReadOnlySpan<string>)[AuthorityKey, AuthorityCertificate])
        {
            if (File.Exists(Path.Combine(folder, file)))
            {
                throw new CredentialException($"{file} exists already: a new identity would change the router's address");
            }
        }

        using PrivateKey authorityKey = PrivateKey.Generate(algorithm);
        byte[] authority = CertificateIssuer.CreateAuthority(authorityKey, time);
        WriteKey(folder, AuthorityKey, authorityKey);
        WriteText(folder, AuthorityCertificate, PemEncoding.WriteString("CERTIFICATE", authority) + "\n");
        WriteLeaf(folder, authorityKey, authority, algorithm, commonName, time);
    }

    /// <summary>
    /// Replaces the online key and certificate under the same identity (O-036). What is not given is taken
    /// from the present server.crt.
    /// </summary>
    /// <exception cref="CredentialException">A file that is needed is missing or unusable.</exception>
    public static void RenewLeaf(string folder, KeyAlgorithm? algorithm, string? commonName, TimeProvider time)
    {
        if (algorithm is null || commonName is null)
        {
            (KeyAlgorithm oldAlgorithm, string oldName) = ReadLeafDefaults(Path.Combine(folder, LeafCertificate), algorithm, commonName);
            algorithm ??= oldAlgorithm;
            commonName ??= oldName;
        }

        using PrivateKey authorityKey = Pkcs8.TryDecodePem(ReadText(folder, AuthorityKey))
            ?? throw new CredentialException($"{AuthorityKey} is not a PEM private key, Ed25519 or Ed448");
        IReadOnlyList<byte[]> authorities = Certificate.ReadPem(ReadText(folder, AuthorityCertificate));
        if (!authorityKey.Public.Equals(new CertificateChain(authorities).TryReadLeafKey()))
        {
            throw new CredentialException($"{AuthorityKey} does not belong to {AuthorityCertificate}");
        }

        WriteLeaf(folder, authorityKey, authorities[0], algorithm.Value, commonName, time);
    }

    /// <summary>Base64url with padding, as addresses show it (S-063).</summary>
    internal static string FingerprintText(ReadOnlySpan<byte> authority)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        _ = SHA256.HashData(authority, hash);
        return Base64Url.EncodeToString(hash) + "=";
    }

    internal static string ReadText(string folder, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, file));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CredentialException($"{file} cannot be read: {exception.GetType().Name}", exception);
        }
    }

    private static void WriteLeaf(string folder, PrivateKey authorityKey, byte[] authority, KeyAlgorithm algorithm, string commonName, TimeProvider time)
    {
        using PrivateKey leafKey = PrivateKey.Generate(algorithm);
        byte[] leaf = CertificateIssuer.IssueLeaf(authorityKey, leafKey, commonName, time);
        WriteKey(folder, LeafKey, leafKey);
        WriteText(folder, LeafCertificate, PemEncoding.WriteString("CERTIFICATE", leaf) + "\n");
        WriteText(folder, Fingerprint, FingerprintText(authority) + "\n");
    }

    private static (KeyAlgorithm Algorithm, string CommonName) ReadLeafDefaults(string path, KeyAlgorithm? algorithm, string? commonName)
    {
        if (!File.Exists(path))
        {
            throw new CredentialException($"No certificate found at {path}");
        }

        IReadOnlyList<byte[]> found = Certificate.ReadPem(ReadText(Path.GetDirectoryName(path)!, Path.GetFileName(path)));
        if (found.Count != 1)
        {
            throw new CredentialException(found.Count == 0 ? $"No certificate found at {path}" : $"Too many certificates at {path}");
        }

        using Certificate old = Certificate.TryRead(found[0]) ?? throw new CredentialException($"The certificate at {path} cannot be read");
        return (
            algorithm ?? old.KeyAlgorithm ?? throw new CredentialException($"The certificate at {path} is neither Ed25519 nor Ed448"),
            commonName ?? old.ReadCommonName() ?? throw new CredentialException("Certificate subject has no CN element"));
    }

    private static void WriteKey(string folder, string file, PrivateKey key)
    {
        char[] pem = Pkcs8.EncodePem(key);
        byte[] text = new byte[pem.Length];
        try
        {
            _ = System.Text.Encoding.ASCII.GetBytes(pem, text);
            Replace(folder, file, text, SecretMode);
        }
        finally
        {
            Array.Clear(pem);
            CryptographicOperations.ZeroMemory(text);
        }
    }

    private static void WriteText(string folder, string file, string text) => Replace(folder, file, System.Text.Encoding.ASCII.GetBytes(text), PublicMode);

    /// <summary>Written aside, flushed and renamed: a crash leaves the old file or the new one.</summary>
    internal static void Replace(string folder, string file, ReadOnlySpan<byte> content, UnixFileMode mode)
    {
        string path = Path.Combine(folder, file);
        string aside = path + ".new";
        File.Delete(aside);
        using (var stream = new FileStream(aside, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = mode,
        }))
        {
            stream.Write(content);
            stream.Flush(flushToDisk: true);
        }

        File.SetUnixFileMode(aside, mode);
        File.Move(aside, path, overwrite: true);
    }
}
