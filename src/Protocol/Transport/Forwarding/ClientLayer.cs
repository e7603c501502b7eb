using SimplexActors.Protocol.Crypto;

namespace SimplexActors.Protocol.Transport.Forwarding;

/// <summary>
/// The layer between client and relay (S-345, S-350), which the proxy cannot open: a batch of one transmission, padded
/// and boxed with the secret of the relay's session key and the client's key for this command. In place:
/// <code>tag(16) length(2) batch fill</code>
/// </summary>
public static class ClientLayer
{
    private const int BatchStart = SecretBox.TagLength + Padding.PrefixLength;

    /// <summary>Where the batch is written to before <see cref="Seal"/>; of the size that a batch may have.</summary>
    /// <param name="box"><see cref="ForwardingSizes.Encrypted"/> bytes.</param>
    public static Span<byte> BatchOf(Span<byte> box)
    {
        Require.Length(box, ForwardingSizes.Encrypted);
        return box[BatchStart..];
    }

    /// <summary>Pads and encrypts a batch that stands at the start of <see cref="BatchOf"/>.</summary>
    /// <param name="secret">Agreed between command key and relay session key.</param>
    /// <param name="nonce">24 bytes, from <see cref="ForwardingNonce"/>.</param>
    /// <param name="box"><see cref="ForwardingSizes.Encrypted"/> bytes.</param>
    /// <param name="batchLength">At most <see cref="ForwardingSizes.MaxBatch"/>.</param>
    public static void Seal(in BoxKey secret, ReadOnlySpan<byte> nonce, Span<byte> box, int batchLength)
    {
        Require.Length(box, ForwardingSizes.Encrypted);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(batchLength, ForwardingSizes.MaxBatch);
        _ = Padding.TryPad(box[SecretBox.TagLength..], batchLength);
        SecretBox.Seal(secret, nonce, box);
    }

    /// <summary>Decrypts and unpads a batch in place.</summary>
    /// <param name="secret">As for <see cref="Seal"/>.</param>
    /// <param name="nonce">24 bytes.</param>
    /// <param name="box">Of any size: the reference does not look at it.</param>
    /// <param name="batch">A part of <paramref name="box"/>.</param>
    /// <returns>False when it does not decrypt or unpad.</returns>
    public static bool TryOpen(in BoxKey secret, ReadOnlySpan<byte> nonce, Memory<byte> box, out Memory<byte> batch)
    {
        batch = default;
        if (!SecretBox.TryOpen(secret, nonce, box.Span) || !Padding.TryUnpad(box.Span[SecretBox.TagLength..], out int length))
        {
            return false;
        }

        batch = box.Slice(BatchStart, length);
        return true;
    }
}
