using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Protocol.Transport;

/// <summary>Writes transmissions (S-114): responses as a router, authorised commands as a client.</summary>
public static class TransmissionWriter
{
    private const byte NoAuthorization = 0;

    /// <summary>
    /// Writes all of a response or an unsigned command but its last field (S-119); the caller writes tag and
    /// parameters to the same writer.
    /// </summary>
    /// <param name="writer">Where to.</param>
    /// <param name="format">The session's format.</param>
    /// <param name="correlationId">The command's; empty for an event.</param>
    /// <param name="entityId">Of the queue, link or service; may be empty.</param>
    public static void WriteHead(ref WireWriter writer, TransmissionFormat format, in EntityId correlationId, in EntityId entityId)
    {
        ArgumentNullException.ThrowIfNull(format);
        writer.WriteByte(NoAuthorization);
        WriteBodyHead(ref writer, format, correlationId, entityId);
    }

    /// <summary>Writes a whole command.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="format">The session's format.</param>
    /// <param name="correlationId">Random; an authenticator's nonce is made of it.</param>
    /// <param name="entityId">Of the queue, link or service; may be empty.</param>
    /// <param name="command">Tag and parameters.</param>
    /// <param name="key">Authorises the command; null for none.</param>
    /// <param name="service">In a service session, for <c>NEW</c>, <c>SUB</c> and <c>NSUB</c> (S-135); null else.</param>
    public static void WriteCommand(
        ref WireWriter writer,
        TransmissionFormat format,
        in EntityId correlationId,
        in EntityId entityId,
        scoped ReadOnlySpan<byte> command,
        CommandKey? key,
        ServiceSigner? service = null)
    {
        ArgumentNullException.ThrowIfNull(format);
        if (key is null)
        {
            WriteHead(ref writer, format, correlationId, entityId);
            writer.Write(command);
            return;
        }

        service = format.SendsServiceSignature ? service : null;
        writer.WriteByte((byte)key.AuthorizationLength);
        Span<byte> authorization = writer.Claim(key.AuthorizationLength);
        Span<byte> serviceSignature = format.SendsServiceSignature ? ClaimServiceSignature(ref writer, service) : default;
        int bodyStart = writer.Length;
        WriteBodyHead(ref writer, format, correlationId, entityId);
        writer.Write(command);
        if (writer.Overflowed)
        {
            return;
        }

        ReadOnlySpan<byte> body = writer.Written[bodyStart..];
        using AuthorisedBytes message = format.Authorised(body, service is null ? default : service.Fingerprint);
        key.Authorise(message.Bytes, correlationId.Bytes, authorization);
        service?.Sign(message.Bytes[service.Fingerprint.Length..], serviceSignature);
    }

    private static Span<byte> ClaimServiceSignature(ref WireWriter writer, ServiceSigner? service)
    {
        writer.WriteMaybe(service is not null);
        if (service is null)
        {
            return default;
        }

        writer.WriteByte(Crypto.Signature.Ed25519Length);
        return writer.Claim(Crypto.Signature.Ed25519Length);
    }

    private static void WriteBodyHead(ref WireWriter writer, TransmissionFormat format, in EntityId correlationId, in EntityId entityId)
    {
        if (format.SendsSessionId)
        {
            writer.Write(format.SessionPrefix);
        }

        writer.WriteId(correlationId);
        writer.WriteId(entityId);
    }
}
