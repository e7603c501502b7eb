using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Protocol.Transport;
using SimplexActors.Protocol.Transport.Forwarding;

namespace SimplexActors.Nodes.Edges.Smp.Relay;

/// <summary>
/// What a command that came through a proxy has of its own: how it is read and authorised, and how its answer goes back
/// to the client that only the proxy knows (S-349, S-350).
/// </summary>
internal sealed class Forwarded : IDisposable
{
    private readonly ProxySecret _proxy;
    private readonly EntityId _correlationId;
    private readonly TransmissionFormat _format;
    private BoxKey _secret;

    /// <summary>After both layers were opened.</summary>
    /// <param name="proxy">Who forwarded it.</param>
    /// <param name="rfwdCorrelationId">Of the <c>RFWD</c>; its <c>RRES</c> has the same.</param>
    /// <param name="command">From the proxy layer.</param>
    /// <param name="format">Of the command within.</param>
    /// <param name="secret">Agreed with the client for this command.</param>
    /// <param name="authorisation">Over the relay's session with the command's format.</param>
    public Forwarded(
        ProxySecret proxy, in EntityId rfwdCorrelationId, ForwardedCommand command, TransmissionFormat format, in BoxKey secret, Authorisation authorisation)
    {
        _proxy = proxy;
        _correlationId = command.CorrelationId;
        _format = format;
        _secret = secret;
        RfwdCorrelationId = rfwdCorrelationId;
        Authoriser = new CommandAuthoriser(authorisation, service: null);
    }

    /// <summary>Goes back to the proxy with the answer.</summary>
    public EntityId RfwdCorrelationId { get; }

    /// <summary>The version that the client encoded the command in; selects limits and encodings (S-349).</summary>
    public ushort Version => _format.Version;

    /// <summary>Judges the command: it belongs to no service, whoever the proxy is (S-348).</summary>
    public CommandAuthoriser Authoriser { get; }

    /// <summary>Writes <c>RRES</c> with the answer in both layers.</summary>
    /// <param name="writer">Stands after the head of the proxy's transmission; overflows when its buffer is full.</param>
    /// <param name="correlationId">Of the command within.</param>
    /// <param name="entityId">Of the command within.</param>
    /// <param name="response">Its answer.</param>
    /// <returns>False when the answer does not fit and the proxy is to be told <c>BLOCK</c> (S-351).</returns>
    public bool TryWrite(ref WireWriter writer, in EntityId correlationId, in EntityId entityId, SmpResponse response)
    {
        SmpResponseWriter.WriteRresHead(ref writer);
        int boxLength = ProxyLayer.LengthOfResponse(_correlationId, ForwardingSizes.Encrypted);
        if (sizeof(ushort) + writer.Length + boxLength > Block.MaxTransmissions)
        {
            // Only correlation ids longer than a proxy's leave no room.
            return false;
        }

        Span<byte> box = writer.Claim(boxLength);
        if (writer.Overflowed)
        {
            return true;
        }

        Span<byte> encrypted = ProxyLayer.EncryptedOf(box, _correlationId);
        var batch = new BlockWriter(ClientLayer.BatchOf(encrypted));
        WireWriter inner = batch.Open();
        TransmissionWriter.WriteHead(ref inner, _format, correlationId, entityId);
        SmpResponseWriter.Write(ref inner, response, Version);
        if (!batch.TryClose(inner))
        {
            return false;
        }

        Span<byte> nonce = stackalloc byte[SecretBox.NonceLength];
        ForwardingNonce.OfResponse(_correlationId, nonce);
        ClientLayer.Seal(_secret, nonce, encrypted, batch.ContentLength);
        ForwardingNonce.OfResponse(RfwdCorrelationId, nonce);
        ProxyLayer.SealResponse(_proxy.Key, nonce, box, _correlationId);
        return true;
    }

    /// <summary>Wipes the secret; the command is answered.</summary>
    public void Dispose() => _secret.Clear();
}
