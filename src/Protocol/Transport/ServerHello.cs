using System.Collections.Immutable;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;

namespace SimplexActors.Protocol.Transport;

/// <summary>
/// The first block of a session, from the router: <c>min(2) max(2) SS(sessionId) [chain LS(signedKey)]</c> (S-089).
/// </summary>
/// <param name="Versions">What the router offers.</param>
/// <param name="SessionId">The TLS session's id as the router sees it; the client compares (S-097).</param>
/// <param name="Key">The router's session key; not sent when the highest version is below 7.</param>
public sealed record ServerHello(VersionRange Versions, ReadOnlyMemory<byte> SessionId, CertifiedKey? Key)
{
    /// <summary>Reads a hello; null when it is malformed. Bytes after it are ignored (S-092).</summary>
    public static ServerHello? TryParse(ReadOnlySpan<byte> content)
    {
        var reader = new WireReader(content);
        VersionRange versions = VersionRange.Read(ref reader);
        byte[] sessionId = reader.ReadShort().ToArray();
        CertifiedKey? key = null;
        if (versions.Max >= SmpVersion.CommandAuthenticators)
        {
            // Nothing tells whether the key is there but that it reads as one (S-091).
            WireReader attempt = reader;
            key = CertifiedKey.TryRead(ref attempt, KeyAlgorithm.X25519);
        }

        return reader.Failed ? null : new ServerHello(versions, sessionId, key);
    }

    /// <summary>Writes the hello as the content of a block.</summary>
    public void Write(ref WireWriter writer)
    {
        Versions.Write(ref writer);
        writer.WriteShort(SessionId.Span);
        if (Versions.Max >= SmpVersion.CommandAuthenticators)
        {
            Key?.Write(ref writer);
        }
    }
}

/// <summary>A session key, signed by the leaf of a certificate chain: <c>chain LS(signedKey)</c>.</summary>
/// <param name="Chain">DER certificates, leaf first.</param>
/// <param name="Signed">The key and its signature, which reading does not check.</param>
public sealed record CertifiedKey(ImmutableArray<ReadOnlyMemory<byte>> Chain, SignedKey Signed)
{
    /// <summary>Reads a chain and a key of one algorithm; null, with the reader failed, for anything else.</summary>
    internal static CertifiedKey? TryRead(ref WireReader reader, KeyAlgorithm algorithm)
    {
        ImmutableArray<ReadOnlyMemory<byte>> chain = CertificateList.Read(ref reader);
        SignedKey? signed = SignedKey.TryDecode(reader.ReadLarge());
        if (signed?.Key.Algorithm != algorithm)
        {
            reader.Fail();
        }

        return reader.Failed ? null : new CertifiedKey(chain, signed!);
    }

    /// <summary>Writes chain and key.</summary>
    internal void Write(ref WireWriter writer)
    {
        CertificateList.Write(ref writer, Chain);
        writer.WriteLarge(Signed.Der);
    }
}
