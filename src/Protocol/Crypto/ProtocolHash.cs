using System.Security.Cryptography;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Protocol.Crypto;

/// <summary>Hashes that the protocol derives ids from.</summary>
public static class ProtocolHash
{
    /// <summary>Bytes of an <see cref="ToggleQueue"/> accumulator.</summary>
    public const int QueuesHashLength = MD5.HashSizeInBytes;

    /// <summary>The sender id that a client may choose: the first 24 bytes of SHA3-384 of the correlation id (S-229).</summary>
    public static EntityId SenderId(ReadOnlySpan<byte> correlationId)
    {
        Span<byte> hash = stackalloc byte[SHA3_384.HashSizeInBytes];
        SHA3_384.HashData(correlationId, hash);
        return new EntityId(hash[..EntityId.GeneratedLength]);
    }

    /// <summary>Adds a queue to the hash of a service's queues, or takes it out: both are the same XOR (S-321).</summary>
    /// <param name="hash">16 bytes; all zero for no queues.</param>
    /// <param name="queueId">The recipient's or notifier's id.</param>
    public static void ToggleQueue(Span<byte> hash, ReadOnlySpan<byte> queueId)
    {
        Require.Length(hash, QueuesHashLength);
        Span<byte> one = stackalloc byte[QueuesHashLength];
#pragma warning disable CA5351 // The protocol says MD5: it detects drift, it protects nothing (S-497).
        MD5.HashData(queueId, one);
#pragma warning restore CA5351
        for (int i = 0; i < one.Length; i++)
        {
            hash[i] ^= one[i];
        }
    }
}
