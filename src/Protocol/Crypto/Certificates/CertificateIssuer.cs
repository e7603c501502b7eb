using System.Formats.Asn1;
using System.Security.Cryptography;

namespace SimplexActors.Protocol.Crypto.Certificates;

/// <summary>
/// Makes a router's two certificates with the contents that existing routers have (S-066, O-080, O-081):
/// the offline identity (CA) and the online leaf.
/// </summary>
public static class CertificateIssuer
{
    /// <summary>Validity of new certificates, days: some 2,700 years.</summary>
    public const int ValidityDays = 999_999;

    /// <summary>Longest common name that X.520 allows, characters.</summary>
    public const int MaxCommonNameLength = 64;

    private const int SerialBytes = 20;
    private const string AuthorityCommonName = "SMP server CA";
    private const string AuthorityOrganization = "SimpleX";

    private const string OidCommonName = "2.5.4.3";
    private const string OidOrganization = "2.5.4.10";
    private const string OidSubjectKeyId = "2.5.29.14";
    private const string OidKeyUsage = "2.5.29.15";
    private const string OidBasicConstraints = "2.5.29.19";
    private const string OidAuthorityKeyId = "2.5.29.35";
    private const string OidExtendedKeyUsage = "2.5.29.37";
    private const string OidServerAuth = "1.3.6.1.5.5.7.3.1";

    /// <summary>A self-signed identity certificate, DER.</summary>
    public static byte[] CreateAuthority(PrivateKey key, TimeProvider time)
    {
        PublicKey publicKey = key.Public;
        byte[] keyId = KeyIdOf(publicKey);
        return Sign(key, WriteAuthorityName, WriteAuthorityName, publicKey, time, extensions =>
        {
            WriteSubjectKeyId(extensions, keyId);
            WriteAuthorityKeyId(extensions, keyId);
            WriteExtension(extensions, OidBasicConstraints, critical: true, value =>
            {
                using (value.PushSequence())
                {
                    value.WriteBoolean(true);
                }
            });
        });
    }

    /// <summary>An online certificate for <paramref name="leafKey"/>, signed by the identity of <see cref="CreateAuthority"/>, DER.</summary>
    /// <param name="authorityKey">Private key of the identity certificate.</param>
    /// <param name="leafKey">The new leaf's key.</param>
    /// <param name="commonName">Host name or address, 1 to 64 characters.</param>
    /// <param name="time">Source of the start of validity.</param>
    /// <exception cref="ArgumentException"><paramref name="commonName"/> is empty or too long.</exception>
    public static byte[] IssueLeaf(PrivateKey authorityKey, PrivateKey leafKey, string commonName, TimeProvider time)
    {
        if (commonName.Length is 0 or > MaxCommonNameLength)
        {
            throw new ArgumentException($"A common name has 1 to {MaxCommonNameLength} characters, not {commonName.Length}.", nameof(commonName));
        }

        PublicKey publicKey = leafKey.Public;
        byte[] authorityKeyId = KeyIdOf(authorityKey.Public);
        return Sign(authorityKey, WriteAuthorityName, name => WriteNamePart(name, OidCommonName, commonName), publicKey, time, extensions =>
        {
            WriteExtension(extensions, OidBasicConstraints, critical: false, value => value.PushSequence().Dispose());
            WriteExtension(extensions, OidKeyUsage, critical: false, value => value.WriteBitString([0xC8], unusedBitCount: 3));
            WriteExtension(extensions, OidExtendedKeyUsage, critical: false, value =>
            {
                using (value.PushSequence())
                {
                    value.WriteObjectIdentifier(OidServerAuth);
                }
            });
            WriteSubjectKeyId(extensions, KeyIdOf(publicKey));
            WriteAuthorityKeyId(extensions, authorityKeyId);
        });
    }

    private static byte[] Sign(
        PrivateKey issuerKey,
        Action<AsnWriter> issuer,
        Action<AsnWriter> subject,
        PublicKey publicKey,
        TimeProvider time,
        Action<AsnWriter> extensions)
    {
        string signatureOid = issuerKey.Algorithm == KeyAlgorithm.Ed448 ? "1.3.101.113" : "1.3.101.112";
        DateTimeOffset now = time.GetUtcNow();
        var body = new AsnWriter(AsnEncodingRules.DER);
        using (body.PushSequence())
        {
            using (body.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
            {
                body.WriteInteger(2);
            }

            body.WriteIntegerUnsigned(NewSerial());
            WriteAlgorithm(body, signatureOid);
            WriteSequence(body, issuer);
            using (body.PushSequence())
            {
                WriteTime(body, now);
                WriteTime(body, now.AddDays(ValidityDays));
            }

            WriteSequence(body, subject);
            body.WriteEncodedValue(publicKey.Spki);
            using (body.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 3)))
            {
                WriteSequence(body, extensions);
            }
        }

        byte[] signed = body.Encode();
        byte[] signature = new byte[Signature.LengthOf(issuerKey.Algorithm)];
        issuerKey.Sign(signed, signature);
        var certificate = new AsnWriter(AsnEncodingRules.DER);
        using (certificate.PushSequence())
        {
            certificate.WriteEncodedValue(signed);
            WriteAlgorithm(certificate, signatureOid);
            certificate.WriteBitString(signature);
        }

        return certificate.Encode();
    }

    /// <summary>20 random bytes of a positive number that has no leading zero.</summary>
    private static byte[] NewSerial()
    {
        byte[] serial = RandomNumberGenerator.GetBytes(SerialBytes);
        serial[0] = (byte)((serial[0] & 0x3F) | 0x40);
        return serial;
    }

    /// <summary>SHA-1 of the public key's bits, as RFC 5280 derives it; an identifier, not a protection.</summary>
    private static byte[] KeyIdOf(PublicKey publicKey)
    {
#pragma warning disable CA5350 // The identifier's definition names SHA-1; nothing relies on its strength.
        return SHA1.HashData(publicKey.Raw);
#pragma warning restore CA5350
    }

    /// <summary>UTCTime up to 2049, GeneralizedTime after (RFC 5280).</summary>
    private static void WriteTime(AsnWriter writer, DateTimeOffset time)
    {
        if (time.Year < 2050)
        {
            writer.WriteUtcTime(time);
        }
        else
        {
            writer.WriteGeneralizedTime(time, omitFractionalSeconds: true);
        }
    }

    private static void WriteAuthorityName(AsnWriter name)
    {
        WriteNamePart(name, OidCommonName, AuthorityCommonName);
        WriteNamePart(name, OidOrganization, AuthorityOrganization);
    }

    private static void WriteNamePart(AsnWriter name, string oid, string text)
    {
        using (name.PushSetOf())
        using (name.PushSequence())
        {
            name.WriteObjectIdentifier(oid);
            name.WriteCharacterString(UniversalTagNumber.UTF8String, text);
        }
    }

    private static void WriteAlgorithm(AsnWriter writer, string oid) => WriteSequence(writer, inner => inner.WriteObjectIdentifier(oid));

    private static void WriteSequence(AsnWriter writer, Action<AsnWriter> content)
    {
        using (writer.PushSequence())
        {
            content(writer);
        }
    }

    private static void WriteSubjectKeyId(AsnWriter extensions, byte[] keyId) =>
        WriteExtension(extensions, OidSubjectKeyId, critical: false, value => value.WriteOctetString(keyId));

    private static void WriteAuthorityKeyId(AsnWriter extensions, byte[] keyId) =>
        WriteExtension(extensions, OidAuthorityKeyId, critical: false, value =>
        {
            using (value.PushSequence())
            {
                value.WriteOctetString(keyId, new Asn1Tag(TagClass.ContextSpecific, 0));
            }
        });

    private static void WriteExtension(AsnWriter extensions, string oid, bool critical, Action<AsnWriter> content)
    {
        using (extensions.PushSequence())
        {
            extensions.WriteObjectIdentifier(oid);
            if (critical)
            {
                extensions.WriteBoolean(true);
            }

            using (extensions.PushOctetString())
            {
                content(extensions);
            }
        }
    }
}
