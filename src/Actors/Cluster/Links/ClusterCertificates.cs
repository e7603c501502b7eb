using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SimplexActors.Protocol.Crypto.Certificates;

namespace SimplexActors.Actors.Cluster.Links;

/// <summary>
/// Makes what nodes trust each other by: the certificate of the cluster, and one for each node. They have nothing to do with
/// the router's identity. Keys are for their owner's eyes only; nothing that exists is replaced, unless a certificate is renewed.
/// </summary>
public static class ClusterCertificates
{
    /// <summary>The certificate that all nodes have.</summary>
    public const string AuthorityCertificate = "ca.crt";

    /// <summary>The key that certificates of nodes are made with; no node needs it.</summary>
    public const string AuthorityKey = "ca.key";

    private const int AuthorityYears = 10;
    private const int NodeYears = 2;
    private const int SerialBytes = 16;
    private const int NameCharacters = 63;
    private static readonly TimeSpan Backdated = TimeSpan.FromHours(1);

    /// <summary>Path of a node's certificate.</summary>
    public static string CertificateOf(string folder, string name) => Path.Combine(folder, name + ".crt");

    /// <summary>Path of a node's key.</summary>
    public static string KeyOf(string folder, string name) => Path.Combine(folder, name + ".key");

    /// <summary>Makes the certificate and the key of a new cluster.</summary>
    /// <exception cref="CredentialException">There is one already.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static void CreateAuthority(string folder, TimeProvider time)
    {
        string certificateFile = Path.Combine(folder, AuthorityCertificate);
        string keyFile = Path.Combine(folder, AuthorityKey);
        RefuseExisting(certificateFile, keyFile);
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=SimplexActors cluster", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForCertificateAuthority(pathLengthConstraint: 0));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        DateTimeOffset start = time.GetUtcNow() - Backdated;
        using X509Certificate2 authority = request.CreateSelfSigned(start, start.AddYears(AuthorityYears));
        CertificateFile.Write(keyFile, key.ExportPkcs8PrivateKeyPem(), isSecret: true, replaces: false);
        CertificateFile.Write(certificateFile, authority.ExportCertificatePem(), isSecret: false, replaces: false);
    }

    /// <summary>Makes the certificate and the key of a node.</summary>
    /// <param name="folder">Where the cluster's certificate and key are; the node's go there too.</param>
    /// <param name="name">The node's name: letters, digits, dots and hyphens.</param>
    /// <param name="time">Source of the start of validity.</param>
    /// <param name="replaces">Replace the node's present ones.</param>
    /// <exception cref="CredentialException">The name is none, it has a certificate already, or the cluster's cannot be used.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static void CreateNode(string folder, string name, TimeProvider time, bool replaces = false)
    {
        CheckName(name);
        if (!replaces)
        {
            RefuseExisting(CertificateOf(folder, name), KeyOf(folder, name));
        }

        using X509Certificate2 authority = LoadAuthority(folder);
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        DateTimeOffset start = time.GetUtcNow() - Backdated;
        DateTimeOffset end = start.AddYears(NodeYears);
        var lastEnd = new DateTimeOffset(authority.NotAfter.ToUniversalTime(), TimeSpan.Zero);
        if (start >= lastEnd)
        {
            throw new CredentialException($"{AuthorityCertificate} is no longer valid");
        }

        X500DistinguishedNameBuilder subject = new();
        subject.AddCommonName(name);
        var request = new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256);
        AddNodeExtensions(request, name, authority);
        var serial = new byte[SerialBytes];
        RandomNumberGenerator.Fill(serial);
        serial[0] &= 0x7f;
        using X509Certificate2 node = request.Create(authority, Later(start, authority.NotBefore), end < lastEnd ? end : lastEnd, serial);
        CertificateFile.Write(KeyOf(folder, name), key.ExportPkcs8PrivateKeyPem(), isSecret: true, replaces);
        CertificateFile.Write(CertificateOf(folder, name), node.ExportCertificatePem(), isSecret: false, replaces);
    }

    /// <summary>Checks the name of a node.</summary>
    /// <exception cref="CredentialException">It cannot be the name of a node.</exception>
    public static void CheckName(string name)
    {
        bool isGood = name.Length is > 0 and <= NameCharacters && char.IsAsciiLetterOrDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-');
        if (!isGood || name.Equals("ca", StringComparison.OrdinalIgnoreCase))
        {
            throw new CredentialException($"\"{name}\" cannot be the name of a node: 1 to {NameCharacters} letters, digits, dots and hyphens, and not \"ca\"");
        }
    }

    private static void AddNodeExtensions(CertificateRequest request, string name, X509Certificate2 authority)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], critical: false));
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
    }

    private static X509Certificate2 LoadAuthority(string folder)
    {
        string certificate = CertificateFile.Read(Path.Combine(folder, AuthorityCertificate));
        string key = CertificateFile.Read(Path.Combine(folder, AuthorityKey));
        try
        {
            return X509Certificate2.CreateFromPem(certificate, key);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new CredentialException($"{AuthorityCertificate} and {AuthorityKey} in {folder} are not a certificate and its key", e);
        }
    }

    private static void RefuseExisting(params ReadOnlySpan<string> files)
    {
        foreach (string file in files)
        {
            if (File.Exists(file))
            {
                throw new CredentialException($"{file} exists: nothing was changed");
            }
        }
    }

    private static DateTimeOffset Later(DateTimeOffset start, DateTime authorityStart) =>
        start.UtcDateTime > authorityStart.ToUniversalTime() ? start : new DateTimeOffset(authorityStart.ToUniversalTime(), TimeSpan.Zero);
}
