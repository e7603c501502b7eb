using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;

namespace SimplexActors.Protocol.Transport;

/// <summary>
/// The client's answer to the <see cref="ServerHello"/>:
/// <c>version(2) SS(keyHash) [SS(key)] [proxyServer] [Maybe service]</c> (S-090).
/// </summary>
/// <param name="Version">The client's choice from the router's offer.</param>
/// <param name="KeyHash">Fingerprint of the router that the client means to talk to.</param>
/// <param name="Key">The client's X25519 session key; only from v7.</param>
/// <param name="ProxyServer">The client is a proxy; sent from v14.</param>
/// <param name="Service">The client is a service; sent from v16.</param>
public sealed record ClientHello(ushort Version, ReadOnlyMemory<byte> KeyHash, PublicKey? Key, bool ProxyServer, ServiceHello? Service)
{
    /// <summary>
    /// Reads a hello; null when it is malformed (S-094). Bytes after it are ignored (S-092). Whether the version was
    /// offered is for the caller to check (S-096).
    /// </summary>
    public static ClientHello? TryParse(ReadOnlySpan<byte> content)
    {
        var reader = new WireReader(content);
        ushort version = reader.ReadUInt16();
        byte[] keyHash = reader.ReadShort().ToArray();
        PublicKey? key = version >= SmpVersion.CommandAuthenticators ? TryReadKey(ref reader) : null;
        bool proxyServer = version >= SmpVersion.ProxyFlag && reader.ReadBool();
        ServiceHello? service = version >= SmpVersion.ClientServices && reader.ReadMaybe() ? ServiceHello.TryRead(ref reader) : null;
        return reader.Failed ? null : new ClientHello(version, keyHash, key, proxyServer, service);
    }

    /// <summary>Writes the hello as the content of a block; fields that the version does not have are left out.</summary>
    public void Write(ref WireWriter writer)
    {
        writer.WriteUInt16(Version);
        writer.WriteShort(KeyHash.Span);
        if (Version >= SmpVersion.CommandAuthenticators && Key is not null)
        {
            writer.WriteShort(Key.Spki);
        }

        if (Version >= SmpVersion.ProxyFlag)
        {
            writer.WriteBool(ProxyServer);
        }

        if (Version >= SmpVersion.ClientServices)
        {
            writer.WriteMaybe(Service is not null);
            Service?.Write(ref writer);
        }
    }

    // The key has no tag: what does not read as one belongs to the next field (S-091).
    private static PublicKey? TryReadKey(ref WireReader reader)
    {
        WireReader attempt = reader;
        if (PublicKey.TryDecode(attempt.ReadShort()) is not { Algorithm: KeyAlgorithm.X25519 } key)
        {
            return null;
        }

        reader = attempt;
        return key;
    }
}

/// <summary>What a service says of itself: <c>role chain LS(signedKey)</c> (S-093).</summary>
/// <param name="Role">What the service is for.</param>
/// <param name="Key">Its Ed25519 session key, signed by its certificate.</param>
public sealed record ServiceHello(ServiceRole Role, CertifiedKey Key)
{
    /// <summary>Reads it; null, with the reader failed, when it is malformed.</summary>
    internal static ServiceHello? TryRead(ref WireReader reader)
    {
        var role = (ServiceRole)reader.ReadByte();
        if (role is not (ServiceRole.Messaging or ServiceRole.Notifier or ServiceRole.Proxy))
        {
            reader.Fail();
        }

        return CertifiedKey.TryRead(ref reader, KeyAlgorithm.Ed25519) is { } key ? new ServiceHello(role, key) : null;
    }

    /// <summary>Writes it.</summary>
    internal void Write(ref WireWriter writer)
    {
        writer.WriteByte((byte)Role);
        Key.Write(ref writer);
    }
}
