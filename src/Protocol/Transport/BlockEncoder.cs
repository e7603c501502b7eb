using SimplexActors.Protocol.Crypto;

namespace SimplexActors.Protocol.Transport;

/// <summary>
/// Turns content into blocks, in place: the caller writes the content to <see cref="ContentOf"/> the block's buffer,
/// then calls <see cref="Encode"/>. The key chain advances with every block, so blocks must reach the socket in the
/// order in which they were encoded (S-110). One direction of one connection; not for use by two threads at once.
/// </summary>
/// <param name="chain">Null for blocks that are only padded. Disposed with the encoder.</param>
public sealed class BlockEncoder(SecretChain? chain = null) : IDisposable
{
    private readonly int _start = chain is null ? Block.PlainStart : Block.EncryptedStart;

    /// <summary>The longest content, in bytes.</summary>
    public int MaxContent => Block.Length - _start;

    /// <summary>The part of a block's buffer that content is written to.</summary>
    /// <param name="block">16384 bytes.</param>
    public Span<byte> ContentOf(Span<byte> block) => block[_start..Block.Length];

    /// <summary>Pads and encrypts content that stands at the start of <see cref="ContentOf"/>.</summary>
    /// <param name="block">16384 bytes; ready to send afterwards.</param>
    /// <param name="contentLength">At most <see cref="MaxContent"/>.</param>
    /// <exception cref="ArgumentException">The content is longer: a bug of the caller.</exception>
    public void Encode(Span<byte> block, int contentLength)
    {
        Require.Length(block, Block.Length);
        ArgumentOutOfRangeException.ThrowIfNegative(contentLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(contentLength, MaxContent);
        _ = Padding.TryPad(block[(_start - Padding.PrefixLength)..], contentLength);
        if (chain is null)
        {
            return;
        }

        Span<byte> nonce = stackalloc byte[SecretBox.NonceLength];
        chain.Step(out BoxKey key, nonce);
        SecretBox.Seal(key, nonce, block);
        key.Clear();
    }

    /// <summary>Wipes the chain key.</summary>
    public void Dispose() => chain?.Dispose();
}
