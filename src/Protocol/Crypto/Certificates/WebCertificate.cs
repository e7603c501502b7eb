using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SimplexActors.Protocol.Crypto.Certificates;

/// <summary>
/// A self-signed certificate for browsers, for looking at a router's pages where no authority issues one. A browser
/// warns about it; clients of the protocol never see it.
/// </summary>
public static class WebCertificate
{
    /// <summary>Name of the certificate file.</summary>
    public const string CertificateFile = "web.crt";

    /// <summary>Name of the key file.</summary>
    public const string KeyFile = "web.key";

    private const int ValidityDays = 365;
    private const int RenewBeforeDays = 30;
    private const string OidServerAuth = "1.3.6.1.5.5.7.3.1";

    /// <summary>Makes the pair, unless there is one for the first name that lasts for another month.</summary>
    /// <param name="folder">An existing folder.</param>
    /// <param name="hosts">Names and addresses that it is for, besides this machine's own; at least one.</param>
    /// <param name="time">Source of the start of validity.</param>
    public static void Ensure(string folder, IReadOnlyList<string> hosts, TimeProvider time)
    {
        string certificate = Path.Combine(folder, CertificateFile);
        if (File.Exists(Path.Combine(folder, KeyFile)) && File.Exists(certificate) && IsGood(certificate, hosts, time))
        {
            return;
        }

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 made = Make(key, hosts, time.GetUtcNow());
        CredentialFiles.Replace(folder, KeyFile, System.Text.Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n"), CredentialFiles.SecretMode);
        CredentialFiles.Replace(folder, CertificateFile, System.Text.Encoding.ASCII.GetBytes(made.ExportCertificatePem() + "\n"), CredentialFiles.PublicMode);
    }

    private static bool IsGood(string file, IReadOnlyList<string> hosts, TimeProvider time)
    {
        try
        {
            using var present = X509Certificate2.CreateFromPem(File.ReadAllText(file));
            return present.NotAfter.ToUniversalTime() > time.GetUtcNow().AddDays(RenewBeforeDays).UtcDateTime
                && present.MatchesHostname(Unbracketed(hosts[0]));
        }
        catch (CryptographicException)
        {
            // Not a certificate: it is replaced.
            return false;
        }
    }

    private static X509Certificate2 Make(ECDsa key, IReadOnlyList<string> hosts, DateTimeOffset now)
    {
        var request = new CertificateRequest("CN=SimpleX router (self-signed)", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        foreach (string host in hosts.Select(Unbracketed).Concat(["localhost", "127.0.0.1", "::1"]).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            if (IPAddress.TryParse(host, out IPAddress? address))
            {
                names.AddIpAddress(address);
            }
            else if (Uri.CheckHostName(host) == UriHostNameType.Dns)
            {
                names.AddDnsName(host);
            }
        }

        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(OidServerAuth)], critical: false));
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(ValidityDays));
    }

    private static string Unbracketed(string host) => host.Trim('[', ']');
}
