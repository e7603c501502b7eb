using SimplexActors.Protocol.Crypto;

namespace SimplexActors.Protocol.Transport;

/// <summary>
/// Turns received blocks into content, in place. One direction of one connection; not for use by two threads at once.
/// </summary>
/// <param name="chain">Null for blocks that are only padded. Disposed with the decoder.</param>
public sealed class BlockDecoder(SecretChain? chain = null) : IDisposable
{
    private readonly int _start = chain is null ? Block.PlainStart : Block.EncryptedStart;

    /// <summary>Decrypts and unpads a block.</summary>
    /// <param name="block">16384 bytes; decrypted in place.</param>
    /// <param name="content">The part of <paramref name="block"/> that holds the content.</param>
    /// <returns>
    /// False when the block does not decrypt or unpad; the peer is answered <c>ERR BLOCK</c> and goes on, because the
    /// chain advances all the same (S-108, S-111).
    /// </returns>
    public bool TryDecode(Memory<byte> block, out ReadOnlyMemory<byte> content)
    {
        content = default;
        if (!TryDecode(block.Span, out int contentLength))
        {
            return false;
        }

        content = block.Slice(_start, contentLength);
        return true;
    }

    /// <summary>Wipes the chain key.</summary>
    public void Dispose() => chain?.Dispose();

    private bool TryDecode(Span<byte> block, out int contentLength)
    {
        Require.Length(block, Block.Length);
        contentLength = 0;
        return TryDecrypt(block) && Padding.TryUnpad(block[(_start - Padding.PrefixLength)..], out contentLength);
    }

    private bool TryDecrypt(Span<byte> block)
    {
        if (chain is null)
        {
            return true;
        }

        Span<byte> nonce = stackalloc byte[SecretBox.NonceLength];
        chain.Step(out BoxKey key, nonce);
        bool opened = SecretBox.TryOpen(key, nonce, block);
        key.Clear();
        return opened;
    }
}
