using System.Numerics;
using System.Runtime.InteropServices;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Actors.Engine;

/// <summary>
/// Which shard an entity lives in. All nodes of a cluster and all releases agree on it; for one number of shards it never
/// changes.
/// </summary>
public static class Sharding
{
    // 64 bits of two CRCs with different seeds: with one of 32 bits, the shards of a number that is no power of two
    // would differ in size.
    private const uint SecondSeed = 0x9E37_79B9;

    /// <summary>The shard of an id.</summary>
    /// <param name="id">Of any length; all its bytes count.</param>
    /// <param name="shards">How many there are.</param>
    /// <returns>From 0 to <paramref name="shards"/> - 1.</returns>
    public static int ShardOf(in EntityId id, int shards)
    {
        uint first = 0;
        uint second = SecondSeed;
        ReadOnlySpan<byte> bytes = id.Bytes;
        foreach (ulong word in MemoryMarshal.Cast<byte, ulong>(bytes))
        {
            first = BitOperations.Crc32C(first, word);
            second = BitOperations.Crc32C(second, BitOperations.RotateLeft(word, 32));
        }

        foreach (byte last in bytes[(bytes.Length / sizeof(ulong) * sizeof(ulong))..])
        {
            first = BitOperations.Crc32C(first, last);
            second = BitOperations.Crc32C(second, last);
        }

        return (int)Math.BigMul(((ulong)first << 32) | second, (ulong)shards, out _);
    }
}
