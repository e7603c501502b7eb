using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Commands;

namespace SimplexActors.Protocol.Transport.Forwarding;

/// <summary>
/// The layer between proxy and relay (S-346, S-350): boxes without padding, with the secret of their hellos' keys, so that
/// what enters a proxy cannot be matched with what leaves it even by somebody who sees through TLS. In place:
/// <code>
/// command  = tag(16) SS(fwdCorrId) fwdVersion(2) SS(commandKey) encrypted
/// response = tag(16) SS(fwdCorrId) encrypted
/// </code>
/// </summary>
public static class ProxyLayer
{
    /// <summary>Length of the box of a command.</summary>
    /// <param name="correlationId">Of the <c>PFWD</c>.</param>
    /// <param name="command">As the client sent it.</param>
    public static int LengthOfCommand(in EntityId correlationId, PfwdCommand command)
    {
        ArgumentNullException.ThrowIfNull(command);
        return LengthOfResponse(correlationId, command.Encrypted.Length) + sizeof(ushort) + 1 + command.CommandKey.Spki.Length;
    }

    /// <summary>Length of the box of a response.</summary>
    /// <param name="correlationId">The forwarded command's.</param>
    /// <param name="encryptedLength">Bytes of the client layer.</param>
    public static int LengthOfResponse(in EntityId correlationId, int encryptedLength) =>
        SecretBox.TagLength + 1 + correlationId.Length + encryptedLength;

    /// <summary>Writes and encrypts a command.</summary>
    /// <param name="secret">Agreed between proxy and relay.</param>
    /// <param name="nonce">24 bytes, from <see cref="ForwardingNonce"/>.</param>
    /// <param name="box"><see cref="LengthOfCommand"/> bytes.</param>
    /// <param name="correlationId">Of the <c>PFWD</c>.</param>
    /// <param name="command">As the client sent it.</param>
    public static void SealCommand(in BoxKey secret, ReadOnlySpan<byte> nonce, Span<byte> box, in EntityId correlationId, PfwdCommand command)
    {
        Require.Length(box, LengthOfCommand(correlationId, command));
        var writer = new WireWriter(box[SecretBox.TagLength..]);
        writer.WriteId(correlationId);
        writer.WriteUInt16(command.Version);
        writer.WriteShort(command.CommandKey.Spki);
        writer.Write(command.Encrypted.Span);
        SecretBox.Seal(secret, nonce, box);
    }

    /// <summary>Decrypts a command in place.</summary>
    /// <returns>False when it does not decrypt; whether it can then be read is another question: <see cref="ReadCommand"/>.</returns>
    public static bool TryOpen(in BoxKey secret, ReadOnlySpan<byte> nonce, Memory<byte> box, out Memory<byte> opened)
    {
        bool isOpen = SecretBox.TryOpen(secret, nonce, box.Span);
        opened = isOpen ? box[SecretBox.TagLength..] : default;
        return isOpen;
    }

    /// <summary>Reads an opened command; null when it is malformed. Its encrypted part is a part of <paramref name="opened"/>.</summary>
    public static ForwardedCommand? ReadCommand(Memory<byte> opened)
    {
        var reader = new WireReader(opened.Span);
        EntityId correlationId = reader.ReadId();
        ushort version = reader.ReadUInt16();
        PublicKey? key = PublicKey.TryDecode(reader.ReadShort());
        return reader.Failed || key?.Algorithm is not KeyAlgorithm.X25519
            ? null
            : new ForwardedCommand(correlationId, version, key, opened[^reader.Remaining..]);
    }

    /// <summary>Where the client layer of a response stands in its box, before <see cref="SealResponse"/>.</summary>
    /// <param name="box"><see cref="LengthOfResponse"/> bytes.</param>
    /// <param name="correlationId">The forwarded command's.</param>
    public static Span<byte> EncryptedOf(Span<byte> box, in EntityId correlationId) =>
        box[(SecretBox.TagLength + 1 + correlationId.Length)..];

    /// <summary>Encrypts a response whose client layer stands in <see cref="EncryptedOf"/>.</summary>
    public static void SealResponse(in BoxKey secret, ReadOnlySpan<byte> nonce, Span<byte> box, in EntityId correlationId)
    {
        new WireWriter(box[SecretBox.TagLength..]).WriteId(correlationId);
        SecretBox.Seal(secret, nonce, box);
    }

    /// <summary>
    /// The client layer in an opened response; null when it is malformed. The correlation id in it is not looked at (S-352).
    /// </summary>
    public static ReadOnlyMemory<byte>? ReadResponse(ReadOnlyMemory<byte> opened)
    {
        var reader = new WireReader(opened.Span);
        reader.ReadShort();
        return reader.Failed ? (ReadOnlyMemory<byte>?)null : opened[^reader.Remaining..];
    }
}

/// <summary>A command on its way from a client through a proxy to a relay.</summary>
/// <param name="CorrelationId">Of the <c>PFWD</c>; nonce of the client layer.</param>
/// <param name="Version">In which the command within is encoded; not checked by anybody (S-349).</param>
/// <param name="CommandKey">The client's X25519 key for this command.</param>
/// <param name="Encrypted">The client layer.</param>
public sealed record ForwardedCommand(EntityId CorrelationId, ushort Version, PublicKey CommandKey, Memory<byte> Encrypted);
