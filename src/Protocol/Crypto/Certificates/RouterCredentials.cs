using System.Buffers.Text;
using System.Security.Cryptography;

namespace SimplexActors.Protocol.Crypto.Certificates;

/// <summary>What a running router proves itself with: loaded once at start, checked whole (S-064, S-065, O-083..O-088).</summary>
public sealed class RouterCredentials : IDisposable
{
    /// <summary>Least size of an RSA key of a web credential, bits (S-055; half of it, O-638).</summary>
    public const int MinWebRsaBits = 2048;

    /// <summary>Least size of an ECDSA key of a web credential, bits (O-638).</summary>
    public const int MinWebEcdsaBits = 256;

    private RouterCredentials(TlsCredential credential, PrivateKey signingKey, byte[] identity)
    {
        Credential = credential;
        SigningKey = signingKey;
        Identity = identity;
        FingerprintText = Base64Url.EncodeToString(identity) + "=";
    }

    /// <summary>Online chain followed by the identity, with the online key.</summary>
    public TlsCredential Credential { get; }

    /// <summary>SHA-256 of the identity certificate, 32 bytes: the key hash in addresses (S-063).</summary>
    public byte[] Identity { get; }

    /// <summary><see cref="Identity"/> as addresses show it: base64url with padding.</summary>
    public string FingerprintText { get; }

    /// <summary>The leaf's key, Ed25519 or Ed448: signs session keys (S-068).</summary>
    public PrivateKey SigningKey { get; }

    /// <summary>Reads ca.crt, server.crt, server.key and fingerprint; the identity's key is never opened.</summary>
    /// <param name="folder">Configuration folder, as <see cref="CredentialFiles.Create"/> fills it.</param>
    /// <param name="time">Source of the time that the certificates must be valid at.</param>
    /// <exception cref="CredentialException">Something is missing or does not fit; the message is for the operator.</exception>
    public static RouterCredentials Load(string folder, TimeProvider time)
    {
        string[] missing = [.. new[] { CredentialFiles.AuthorityCertificate, CredentialFiles.LeafCertificate, CredentialFiles.LeafKey }
            .Select(file => Path.Combine(folder, file)).Where(path => !File.Exists(path))];
        if (missing.Length > 0)
        {
            throw new CredentialException($"no SMP credentials: {string.Join(", ", missing)}");
        }

        IReadOnlyList<byte[]> authorities = Certificate.ReadPem(CredentialFiles.ReadText(folder, CredentialFiles.AuthorityCertificate));
        CheckFingerprint(folder, authorities);
        byte[] identity = SHA256.HashData(authorities[0]);
        string keyPem = CredentialFiles.ReadText(folder, CredentialFiles.LeafKey);
        TlsCredential credential = LoadPair(CredentialFiles.ReadText(folder, CredentialFiles.LeafCertificate), keyPem, authorities);
        PrivateKey? signingKey = Pkcs8.TryDecodePem(keyPem);
        if (signingKey is { Algorithm: KeyAlgorithm.Ed25519 or KeyAlgorithm.Ed448 }
            && new CertificateChain(credential.Chain).ValidateRouter(identity, time.GetUtcNow()) == ChainVerdict.Valid)
        {
            return new RouterCredentials(credential, signingKey, identity);
        }

        signingKey?.Dispose();
        credential.Dispose();
        throw new CredentialException("invalid credential");
    }

    /// <summary>
    /// Reads the credential that browsers see: PEM certificates, leaf first, and the leaf's key (O-087). What certificate
    /// clients make by default is accepted, unlike by the reference (O-638).
    /// </summary>
    /// <exception cref="CredentialException">A file is missing or invalid, or browsers do not accept this kind of key.</exception>
    public static TlsCredential LoadWeb(string certificatePath, string keyPath)
    {
        string[] missing = [.. new[] { certificatePath, keyPath }.Where(path => !File.Exists(path))];
        if (missing.Length > 0)
        {
            throw new CredentialException($"no HTTPS credentials: {string.Join(", ", missing)}");
        }

        TlsCredential credential = LoadPair(ReadFile(certificatePath), ReadFile(keyPath), authorities: []);
        using Certificate? leaf = Certificate.TryRead(credential.Chain[0]);
        if (leaf is null || (leaf.RsaBits < MinWebRsaBits && leaf.EcdsaBits < MinWebEcdsaBits))
        {
            credential.Dispose();
            throw new CredentialException(
                $"the web certificate must have an RSA key of at least {MinWebRsaBits} bits or an ECDSA key of at least {MinWebEcdsaBits} bits");
        }

        return credential;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Credential.Dispose();
        SigningKey.Dispose();
    }

    private static string ReadFile(string path)
    {
        string full = Path.GetFullPath(path);
        return CredentialFiles.ReadText(Path.GetDirectoryName(full)!, Path.GetFileName(full));
    }

    private static void CheckFingerprint(string folder, IReadOnlyList<byte[]> authorities)
    {
        if (authorities.Count == 0)
        {
            throw new CredentialException("invalid credential");
        }

        if (!File.Exists(Path.Combine(folder, CredentialFiles.Fingerprint)))
        {
            throw new CredentialException($"no {CredentialFiles.Fingerprint} file: {Path.Combine(folder, CredentialFiles.Fingerprint)}");
        }

        string stored = CredentialFiles.ReadText(folder, CredentialFiles.Fingerprint).AsSpan().TrimEnd().ToString();
        int endOfLine = stored.IndexOf('\n', StringComparison.Ordinal);
        string firstLine = (endOfLine < 0 ? stored : stored[..endOfLine]).TrimEnd();
        if (firstLine != CredentialFiles.FingerprintText(authorities[0]))
        {
            throw new CredentialException("Stored fingerprint is invalid.");
        }
    }

    private static TlsCredential LoadPair(string certificatePem, string keyPem, IReadOnlyList<byte[]> authorities)
    {
        CertificateKey key = CertificateKey.TryReadPem(keyPem) ?? throw new CredentialException("invalid credential");
        IReadOnlyList<byte[]> own = Certificate.ReadPem(certificatePem);
        var credential = new TlsCredential([.. own, .. authorities], key);
        if (own.Count == 0 || !credential.Matches())
        {
            credential.Dispose();
            throw new CredentialException("invalid credential");
        }

        return credential;
    }
}
