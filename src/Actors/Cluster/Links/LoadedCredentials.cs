using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SimplexActors.Protocol.Crypto.Certificates;

namespace SimplexActors.Actors.Cluster.Links;

/// <summary>The certificates of a node as they were read.</summary>
/// <param name="Name">The node's name.</param>
/// <param name="Until">End of the validity of the node's certificate.</param>
/// <param name="Authorities">The certificates of the cluster; several while one is being replaced.</param>
/// <param name="Context">The node's certificate and key for TLS.</param>
internal sealed record LoadedCredentials(string Name, DateTimeOffset Until, X509Certificate2Collection Authorities, SslStreamCertificateContext Context)
{
    /// <summary>Reads and checks them.</summary>
    /// <exception cref="CredentialException">They cannot be used; one line says why.</exception>
    public static LoadedCredentials Load(string authorityFile, string certificateFile, string keyFile, TimeProvider time)
    {
        var authorities = new X509Certificate2Collection();
        X509Certificate2 node;
        string authorityText = CertificateFile.Read(authorityFile);
        string certificateText = CertificateFile.Read(certificateFile);
        string keyText = CertificateFile.Read(keyFile);
        try
        {
            authorities.ImportFromPem(authorityText);
        }
        catch (CryptographicException e)
        {
            throw new CredentialException($"{authorityFile} is no PEM certificate", e);
        }

        try
        {
            node = X509Certificate2.CreateFromPem(certificateText, keyText);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new CredentialException($"{certificateFile} and {keyFile} are not a PEM certificate and its key", e);
        }

        if (authorities.Count == 0)
        {
            throw new CredentialException($"{authorityFile} holds no certificate");
        }

        Check(node, authorities, certificateFile, authorityFile, time);
        var until = new DateTimeOffset(node.NotAfter.ToUniversalTime(), TimeSpan.Zero);
        return new LoadedCredentials(NameOf(node), until, authorities, SslStreamCertificateContext.Create(node, additionalCertificates: null, offline: true));
    }

    /// <summary>What a certificate of this cluster must hold to.</summary>
    public static X509ChainPolicy Policy(X509Certificate2Collection authorities, TimeProvider time)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
            VerificationTimeIgnored = false,
            VerificationTime = time.GetUtcNow().UtcDateTime,
        };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }

    /// <summary>The name in a node's certificate.</summary>
    public static string NameOf(X509Certificate2 node) => node.GetNameInfo(X509NameType.SimpleName, forIssuer: false);

    private static void Check(X509Certificate2 node, X509Certificate2Collection authorities, string certificateFile, string authorityFile, TimeProvider time)
    {
        using var chain = new X509Chain { ChainPolicy = Policy(authorities, time) };
        if (chain.Build(node))
        {
            return;
        }

        X509ChainStatusFlags flags = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status);
        throw new CredentialException(flags.HasFlag(X509ChainStatusFlags.NotTimeValid)
            ? $"{certificateFile} is valid from {node.NotBefore.ToUniversalTime():u} to {node.NotAfter.ToUniversalTime():u}, and not now"
            : $"{certificateFile} was not made with the key of {authorityFile} ({flags})");
    }
}
