using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Protocol.Transport.Forwarding;

/// <summary>
/// Nonces of forwarded commands: the correlation id for the command, the same bytes in reverse order for its answer
/// (S-345, S-346, S-350; the protocol document's "increased by 1" is wrong, S-455).
/// </summary>
public static class ForwardingNonce
{
    /// <summary>The nonce of a command.</summary>
    /// <param name="correlationId">Of the <c>PFWD</c> in the client layer, of the <c>RFWD</c> in the proxy layer.</param>
    /// <param name="nonce">Filled; 24 bytes.</param>
    public static void OfCommand(in EntityId correlationId, Span<byte> nonce) => SecretBox.NonceFrom(correlationId.Bytes, nonce);

    /// <summary>The nonce of the answer to that command.</summary>
    public static void OfResponse(in EntityId correlationId, Span<byte> nonce)
    {
        OfCommand(correlationId, nonce);
        nonce.Reverse();
    }
}
