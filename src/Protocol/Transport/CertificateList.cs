using System.Collections.Immutable;
using System.Formats.Asn1;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Protocol.Transport;

/// <summary>
/// A chain of certificates in a hello: <c>count(1) count * LS(DER)</c>, leaf first (S-020). This layer checks that each
/// is one DER SEQUENCE; what the certificates say is for TLS to judge.
/// </summary>
internal static class CertificateList
{
    /// <summary>Copies a chain; no certificates, or bytes that are not DER, fail the reader.</summary>
    internal static ImmutableArray<ReadOnlyMemory<byte>> Read(ref WireReader reader)
    {
        int count = reader.ReadByte();
        if (count == 0)
        {
            reader.Fail();
        }

        var chain = ImmutableArray.CreateBuilder<ReadOnlyMemory<byte>>();
        while (chain.Count < count && !reader.Failed)
        {
            ReadOnlySpan<byte> certificate = reader.ReadLarge();
            if (!IsSequence(certificate))
            {
                reader.Fail();
            }

            chain.Add(certificate.ToArray());
        }

        return chain.DrainToImmutable();
    }

    /// <summary>Writes a chain of 1 to 255 certificates.</summary>
    internal static void Write(ref WireWriter writer, ImmutableArray<ReadOnlyMemory<byte>> chain)
    {
        if (chain.Length is 0 or > byte.MaxValue)
        {
            throw new ArgumentException($"A chain has 1 to 255 certificates, not {chain.Length}.", nameof(chain));
        }

        writer.WriteByte((byte)chain.Length);
        foreach (ReadOnlyMemory<byte> certificate in chain)
        {
            writer.WriteLarge(certificate.Span);
        }
    }

    private static bool IsSequence(ReadOnlySpan<byte> der) =>
        AsnDecoder.TryReadEncodedValue(der, AsnEncodingRules.DER, out Asn1Tag tag, out _, out _, out int consumed)
        && consumed == der.Length
        && tag.HasSameClassAndValue(Asn1Tag.Sequence);
}
