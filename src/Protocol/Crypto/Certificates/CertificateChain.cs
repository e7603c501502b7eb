using System.Security.Cryptography;

namespace SimplexActors.Protocol.Crypto.Certificates;

/// <summary>What is wrong with a chain of certificates.</summary>
public enum ChainVerdict
{
    /// <summary>Nothing.</summary>
    Valid,

    /// <summary>Too few certificates for the role, or more than four (S-057, S-067).</summary>
    WrongLength,

    /// <summary>Another identity than the expected one, or a link that the next certificate did not sign.</summary>
    UnknownAuthority,

    /// <summary>A certificate below the anchor is not yet or no longer valid.</summary>
    Expired,

    /// <summary>A certificate that cannot be read or may not be used like this.</summary>
    Unusable,
}

/// <summary>
/// A chain as a peer sends it, leaf first: leaf · leaf, identity · leaf, identity, anchor ·
/// leaf, identity, intermediate, anchor (S-062). The last certificate is the only trust anchor: what makes
/// a peer trusted is the fingerprint of its identity certificate, so the leaf must be signed by the
/// identity itself and not by another certificate of the chain.
/// </summary>
/// <param name="certificates">DER certificates, leaf first.</param>
public sealed class CertificateChain(IReadOnlyList<byte[]> certificates)
{
    /// <summary>Certificates in the longest acceptable chain.</summary>
    public const int MaxLength = 4;

    /// <summary>DER certificates, leaf first.</summary>
    public IReadOnlyList<byte[]> Certificates { get; } = certificates;

    /// <summary>SHA-256 over the DER of the identity certificate: the second, or the only one (S-062, S-063).</summary>
    /// <exception cref="InvalidOperationException">The chain has no identity: its length is 0 or over four.</exception>
    public byte[] IdentityFingerprint() => Certificates.Count switch
    {
        1 => SHA256.HashData(Certificates[0]),
        >= 2 and <= MaxLength => SHA256.HashData(Certificates[1]),
        _ => throw new InvalidOperationException("A chain of this length has no identity certificate."),
    };

    /// <summary>The leaf's public key; null if the chain is empty or the key is not one of the protocol's.</summary>
    public PublicKey? TryReadLeafKey()
    {
        if (Certificates.Count == 0)
        {
            return null;
        }

        using Certificate? leaf = Certificate.TryRead(Certificates[0]);
        return leaf is null ? null : PublicKey.TryDecode(leaf.ExportPublicKey());
    }

    /// <summary>What a router checks of a client's chain: 1 to 4 certificates, sound up to the last one (S-057, S-058).</summary>
    public ChainVerdict ValidateClient(DateTimeOffset now) => Validate(now, minLength: 1);

    /// <summary>What a client checks of a router's chain: 2 to 4 certificates, the expected identity, sound (S-067).</summary>
    /// <param name="identity">Expected SHA-256 of the identity certificate, 32 bytes.</param>
    /// <param name="now">Current time.</param>
    public ChainVerdict ValidateRouter(ReadOnlySpan<byte> identity, DateTimeOffset now)
    {
        if (Certificates.Count is < 2 or > MaxLength)
        {
            return ChainVerdict.WrongLength;
        }

        return identity.SequenceEqual(IdentityFingerprint()) ? Validate(now, minLength: 2) : ChainVerdict.UnknownAuthority;
    }

    private ChainVerdict Validate(DateTimeOffset now, int minLength)
    {
        if (Certificates.Count < minLength || Certificates.Count > MaxLength)
        {
            return ChainVerdict.WrongLength;
        }

        var chain = new Certificate?[Certificates.Count];
        try
        {
            for (int i = 0; i < chain.Length; i++)
            {
                chain[i] = Certificate.TryRead(Certificates[i]);
                if (chain[i] is null)
                {
                    return ChainVerdict.Unusable;
                }
            }

            return Validate(chain!, now);
        }
        finally
        {
            foreach (Certificate? certificate in chain)
            {
                certificate?.Dispose();
            }
        }
    }

    private static ChainVerdict Validate(Certificate[] chain, DateTimeOffset now)
    {
        Certificate leaf = chain[0];
        if (!leaf.IsVersion3 || !leaf.IsUnderstood || !leaf.MaySign)
        {
            return ChainVerdict.Unusable;
        }

        if (leaf.CompareValidity(now) != 0)
        {
            return ChainVerdict.Expired;
        }

        if (chain.Length == 1)
        {
            return leaf.IsSelfSigned() ? ChainVerdict.Valid : ChainVerdict.UnknownAuthority;
        }

        // The anchor (last) is matched by name and key only; those between leaf and anchor are full authorities.
        int last = chain.Length - 1;
        for (int i = 1; i < last; i++)
        {
            // The intermediate of a chain of four is passed over when the anchor itself issued the identity.
            if (i == 2 && chain[1].IsIssuedBy(chain[last]))
            {
                break;
            }

            Certificate authority = chain[i];
            if (!authority.IsAuthority || !authority.IsUnderstood || authority.MaxAuthoritiesBelow < i - 1)
            {
                return ChainVerdict.Unusable;
            }

            if (authority.CompareValidity(now) != 0)
            {
                return ChainVerdict.Expired;
            }

            if (!chain[i - 1].IsIssuedBy(authority))
            {
                return ChainVerdict.UnknownAuthority;
            }
        }

        bool anchored = chain[last - 1].IsIssuedBy(chain[last]) || (last == 3 && chain[1].IsIssuedBy(chain[last]));
        return anchored ? ChainVerdict.Valid : ChainVerdict.UnknownAuthority;
    }
}
