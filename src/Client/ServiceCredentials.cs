using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Crypto.Certificates;

namespace SimplexActors.Client;

/// <summary>
/// What a client service proves itself with: a certificate that it presents in TLS, and the certificate's key, which also
/// signs a key of every session (S-098). A router knows the service by the identity certificate: the second of the
/// chain, or the only one; keep that one, or the router sees a new service (S-498).
/// </summary>
/// <param name="certificate">1 to 4 certificates, leaf first, with the key of the leaf for TLS. Owned by this.</param>
/// <param name="signingKey">The same key for signatures, Ed25519 or Ed448. Owned by this.</param>
public sealed class ServiceCredentials(TlsCredential certificate, PrivateKey signingKey) : IDisposable
{
    /// <summary>For TLS.</summary>
    public TlsCredential Certificate { get; } = certificate;

    /// <summary>The key of the leaf.</summary>
    public PrivateKey SigningKey { get; } = signingKey;

    /// <summary>SHA-256 of the identity certificate; 32 bytes.</summary>
    public ReadOnlyMemory<byte> Fingerprint { get; } = new CertificateChain(certificate.Chain).IdentityFingerprint();

    /// <summary>Reads PEM texts.</summary>
    /// <param name="certificates">1 to 4 certificates, leaf first.</param>
    /// <param name="key">The leaf's key in PKCS#8, Ed25519 or Ed448.</param>
    /// <exception cref="CredentialException">A text cannot be read, or the key is not that of the leaf.</exception>
    public static ServiceCredentials FromPem(string certificates, string key)
    {
        IReadOnlyList<byte[]> chain = Protocol.Crypto.Certificates.Certificate.ReadPem(certificates);
        PrivateKey? signingKey = Pkcs8.TryDecodePem(key);
        if (chain.Count is < 1 or > CertificateChain.MaxLength || signingKey is not { Algorithm: KeyAlgorithm.Ed25519 or KeyAlgorithm.Ed448 })
        {
            signingKey?.Dispose();
            throw new CredentialException("The credential of a service has 1 to 4 certificates and an Ed25519 or Ed448 key.");
        }

        var credentials = new ServiceCredentials(new TlsCredential(chain, CertificateKey.From(signingKey)), signingKey);
        if (!credentials.Certificate.Matches())
        {
            credentials.Dispose();
            throw new CredentialException("The key of a service is not that of its first certificate.");
        }

        return credentials;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Certificate.Dispose();
        SigningKey.Dispose();
    }
}
