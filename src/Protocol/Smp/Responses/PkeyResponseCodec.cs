using System.Collections.Immutable;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Protocol.Smp.Responses;

/// <summary>
/// The parameters of <c>PKEY</c> (S-196): <c>sessionId minVersion maxVersion count (certificate) signedKey</c>,
/// certificates and key as large strings of DER that this layer does not look into.
/// </summary>
internal static class PkeyResponseCodec
{
    public static PkeyResponse Read(ref ParameterReader reader)
    {
        EntityId sessionId = reader.Wire.ReadId();
        ushort min = reader.Wire.ReadUInt16();
        ushort max = reader.Wire.ReadUInt16();
        if (min > max)
        {
            reader.Wire.Fail();
        }

        int count = reader.ReadNonEmptyCount();
        var chain = ImmutableArray.CreateBuilder<ReadOnlyMemory<byte>>(count);
        while (chain.Count < count && !reader.Wire.Failed)
        {
            chain.Add(reader.ReadLargeMemory());
        }

        return new PkeyResponse(sessionId, min, max, chain.DrainToImmutable(), reader.ReadLargeMemory());
    }

    public static void Write(ref WireWriter writer, PkeyResponse pkey)
    {
        if (pkey.CertificateChain.Length is 0 or > byte.MaxValue)
        {
            throw new ArgumentException($"A chain has 1 to 255 certificates, not {pkey.CertificateChain.Length}.", nameof(pkey));
        }

        writer.Write("PKEY "u8);
        writer.WriteId(pkey.SessionId);
        writer.WriteUInt16(pkey.MinVersion);
        writer.WriteUInt16(pkey.MaxVersion);
        writer.WriteByte((byte)pkey.CertificateChain.Length);
        foreach (ReadOnlyMemory<byte> certificate in pkey.CertificateChain)
        {
            writer.WriteLarge(certificate.Span);
        }

        writer.WriteLarge(pkey.SignedKey.Span);
    }
}
